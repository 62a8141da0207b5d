// Words of Streamlit's own frame that a keyboard or a screen reader meets, in the page's language.
const WORDS = { "Skip to main content": "跳到正文", "App pages": "页面", "Expand sidebar": "展开菜单", "Collapse sidebar": "收起菜单" };

// What Streamlit's place to drop files says, in its texts and its labels.
const UPLOADER = [
  [/^Upload$/, "选择文件"], [/^(\d+)MB per file$/, "每个文件不超过 $1 MB"], [/^Drag and drop files here$/, "松开鼠标，放入文件"],
  [/^File must be .*/, "文件太大，没有上传；请拆成几个文件"], [/^(AxiosError|Network Error|Request failed|Upload failed).*/, "没有传上来，请移除后重试"],
  [/^file upload$/, "选择文件"], [/^Add files$/, "添加文件"], [/^add icon$/, "添加"], [/^Remove (.*)$/, "移除 $1"],
];

function inChinese(words) {
  const found = UPLOADER.find(([pattern]) => pattern.test(words));
  return found ? words.replace(...found) : words;
}

function translateUploader() {
  for (const place of document.querySelectorAll('[data-testid="stFileUploader"]')) {
    const texts = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
    for (let node = texts.nextNode(); node; node = texts.nextNode()) {
      const words = inChinese(node.nodeValue);
      if (words !== node.nodeValue) node.nodeValue = words;
    }
    for (const node of place.querySelectorAll("input[aria-label], button[aria-label]")) {
      const words = inChinese(node.getAttribute("aria-label"));
      if (words !== node.getAttribute("aria-label")) node.setAttribute("aria-label", words);
    }
  }
}

// It changes by itself as files come and go, so that it has to be watched.
function watchUploader() {
  translateUploader();
  if (window.tkUploader) return;
  window.tkUploader = new MutationObserver(translateUploader);
  window.tkUploader.observe(document.body, { childList: true, characterData: true, subtree: true });
}

function translate() {
  document.documentElement.lang = "zh-CN";
  for (const link of document.querySelectorAll('a[href^="#"]')) {
    const words = WORDS[link.textContent.trim()];
    if (words && link.firstChild) link.firstChild.nodeValue = words;
  }
  for (const node of document.querySelectorAll("nav[aria-label], button[aria-label]")) {
    const words = WORDS[node.getAttribute("aria-label")];
    if (words) node.setAttribute("aria-label", words);
  }
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

// Show the HTML that Python built, and hand plain clicks on its links back to Python.
export default function ({ data, parentElement, setTriggerValue }) {
  let board = parentElement.querySelector(":scope > .tk");
  if (!board) {
    board = document.createElement("div");
    board.className = "tk";
    parentElement.appendChild(board);
  }
  if (board.shownHtml !== data.html) {
    board.innerHTML = data.html;
    board.shownHtml = data.html;
  }
  translate();
  watchUploader();
  board.onclick = (event) => {
    const link = event.target.closest("a[data-go]");
    if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    setTriggerValue("go", link.getAttribute("href"));
  };
}
