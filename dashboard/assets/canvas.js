// Words of Streamlit's own frame that a keyboard or a screen reader meets, in the page's language.
const WORDS = { "Skip to main content": "跳到正文", "App pages": "页面", "Expand sidebar": "展开菜单", "Collapse sidebar": "收起菜单" };

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
  board.onclick = (event) => {
    const link = event.target.closest("a[data-go]");
    if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    setTriggerValue("go", link.getAttribute("href"));
  };
}
