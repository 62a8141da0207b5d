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
  watchWords();
  board.onclick = (event) => {
    const link = event.target.closest("a[data-go]");
    if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    setTriggerValue("go", link.getAttribute("href"));
  };
}
