// A link that lasts leads to all that the address says, in the snapshot that it names.
function complete(event) {
  const link = event.target.closest?.("a[data-lasting]");
  if (!link) return;
  const here = new URL(location.href);
  here.searchParams.set("snapshot", link.dataset.lasting);
  link.setAttribute("href", here.pathname + here.search);
}

// Show the HTML that Python built, and hand plain clicks on its links back to Python.
export default function ({ data, parentElement, setTriggerValue }) {
  let board = parentElement.querySelector(":scope > .tk");
  if (!board) {
    board = document.createElement("div");
    board.className = "tk";
    for (const sort of ["pointerover", "focusin"]) board.addEventListener(sort, complete);
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
    complete(event);
    setTriggerValue("go", link.getAttribute("href"));
  };
}
