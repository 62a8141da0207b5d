// Words of Streamlit's own parts that a reader, a keyboard or a screen reader meets, in the page's language.
const AWAY = "看板服务没有响应，恢复后会自动重新连接；很久没有恢复的，请联系系统管理员。";
const FAILED = "这一页出错了，请刷新页面；仍然不行的，请联系系统管理员。";
const WORDS = [
  [/^Skip to main content$/, "跳到正文"], [/^App pages$/, "页面"], [/^Expand sidebar$/, "展开菜单"], [/^Collapse sidebar$/, "收起菜单"],
  // Choosers: of one, of several, of a day
  [/^No results$/, "没有匹配的选项"], [/^Open$/, "展开选项"], [/^Dismiss$/, "关闭"], [/^Choose an option$/, "请选择"],
  [/^Clear all$/, "全部清除"], [/^Selected values$/, "已选"], [/^(\d+) options? available\.$/, "共$1个选项"], [/^Clear value$/, "清除"],
  [/^Choose date(.*)$/, "选择日期$1"], [/^Previous month$/, "上个月"], [/^Next month$/, "下个月"], [/^Clear date$/, "清除日期"],
  [/^year, (.*)$/, "年，$1"], [/^month, (.*)$/, "月，$1"], [/^day, (.*)$/, "日，$1"], [/^Today, (.*)$/, "今天，$1"],
  [/^(.*) selected$/, "$1，已选"], [/^Use arrow keys to navigate dates.*/, "用方向键移动日期，回车选定，退出键关闭。"],
  [/^Select (year|month)$/, (_, part) => (part === "year" ? "选择年份" : "选择月份")],
  [/^Selected Date: (.*)$/, (_, day) => `已选日期：${inDigits(day)}`],
  // The place to drop files
  [/^Upload$/, "选择文件"], [/^(\d+)MB per file$/, "每个文件不超过 $1 MB"], [/^Drag and drop files here$/, "松开鼠标，放入文件"],
  [/^File must be .*/, "文件太大，没有上传；请拆成几个文件"], [/^(AxiosError|Network Error|Request failed|Upload failed).*/, "没有传上来，请移除后重试"],
  // An address that leads nowhere, a server that is away, a page that failed
  [/^Page not found$/, "没有这个页面"], [/^Close$/, "关闭"], [/^.*Running the app's main page\.$/, "地址里的页面不存在，已改为显示总览。"],
  [/^Connection error$/, "连接中断"], [/^Reconnected to server\.$/, "已重新连接。"], [/^Connecting/, "正在连接"],
  [/^(Streamlit server is not|Is Streamlit still|Connection (timed|failed|lost)|Unable to connect).*/, AWAY],
  [/^streamlit run yourscript\.py$/, "trade-kpi serve"],
  [/^(This app has encountered an error|Bad message format|Script execution error|Your app is having trouble).*/, FAILED],
  [/^file upload$/, "选择文件"], [/^Add files$/, "添加文件"], [/^add icon$/, "添加"], [/^Remove (.*)$/, "移除 $1"],
];
const NAMED = ["aria-label", "placeholder", "title"];
// What this project or the user wrote, and what plotly draws, is none of Streamlit's words.
const NOT_STREAMLITS = ".tk, .js-plotly-plot, script, style, textarea";

function inDigits(day) {
  const date = new Date(day);
  return isNaN(date) ? day : `${date.getFullYear()}年${date.getMonth() + 1}月${date.getDate()}日`;
}

function inChinese(words) {
  const found = WORDS.find(([pattern]) => pattern.test(words.trim()));
  return found ? words.trim().replace(...found) : words;
}

function translateText(node) {
  const words = inChinese(node.nodeValue);
  if (words !== node.nodeValue) node.nodeValue = words;
}

function translateNames(element) {
  for (const name of NAMED) {
    const said = element.getAttribute(name);
    const words = said && inChinese(said);
    if (words && words !== said) element.setAttribute(name, words);
  }
}

function translate(root) {
  const element = root.nodeType === Node.TEXT_NODE ? root.parentElement : root;
  if (!element?.closest || element.closest(NOT_STREAMLITS)) return;
  const inside = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT, (node) =>
    node.nodeType === Node.ELEMENT_NODE && node.matches(NOT_STREAMLITS) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT,
  );
  for (let node = inside.currentNode; node; node = inside.nextNode()) {
    node.nodeType === Node.TEXT_NODE ? translateText(node) : translateNames(node);
  }
}

// Choosers open and files come and go by themselves: only what has changed is looked at.
function watchWords() {
  if (window.tkWords) return;
  document.documentElement.lang = "zh-CN";
  translate(document.body);
  window.tkWords = new MutationObserver((changes) => {
    for (const { type, target, addedNodes } of changes) {
      if (type === "childList") addedNodes.forEach(translate);
      else if (type === "characterData") translate(target);
      else if (!target.closest(NOT_STREAMLITS)) translateNames(target);
    }
  });
  const watched = { childList: true, characterData: true, subtree: true, attributes: true, attributeFilter: NAMED };
  window.tkWords.observe(document.body, watched);
}

// One step back for each thing that somebody did. Streamlit may make several of the way to another page, the first of which
// are the new query under the old path; and a page that completes its own address would be come back to for ever.
function keepHistory() {
  if (window.tkHistory) return;
  window.tkHistory = true;
  const push = history.pushState.bind(history);
  let acted = false;
  let halfway = null;
  for (const act of ["pointerdown", "keydown"]) addEventListener(act, () => ((acted = true), (halfway = null)), true);
  addEventListener("popstate", () => (acted = false), true);
  history.pushState = (state, title, address) => {
    const to = new URL(address ?? location.href, location.href);
    const stays = to.pathname === location.pathname;
    const onTheWay = halfway === location.href;
    const arrives = !stays && onTheWay && to.search === location.search;
    if (arrives || (stays && !acted)) history.replaceState(state, title, address);
    else push(state, title, address);
    halfway = stays && (acted || onTheWay) ? location.href : null;
    acted = false;
  };
}

// Paper is narrower than the screen, and plotly draws for the screen: let its drawings shrink, their words less so.
const PAPER = 703; // of A4 less its margins, in CSS pixels
matchMedia("print").addEventListener("change", ({ matches }) => {
  for (const svg of document.querySelectorAll(".js-plotly-plot .main-svg")) {
    const { width, height } = svg.attributes;
    if (!matches) svg.removeAttribute("viewBox");
    else if (width && height) {
      svg.setAttribute("viewBox", `0 0 ${width.value} ${height.value}`);
      svg.style.setProperty("--wider", Math.max(1, width.value / PAPER));
    }
  }
});

export default function () {
  watchWords();
  keepHistory();
}
