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
  board.onclick = (event) => {
    const link = event.target.closest("a[data-go]");
    if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    setTriggerValue("go", link.getAttribute("href"));
  };
}
