// What pages gain where scripts run: tables that sort, charts that read off values. Without it they are whole.
"use strict";

// A head of a sortable table becomes a button; numbers are sorted by value, other texts by name.
function makeSortable(table) {
  const body = table.tBodies[0];
  const heads = [...table.tHead.rows[0].cells];
  const key = (row, column) => {
    const cell = row.cells[column];
    const text = cell.dataset.key ?? cell.textContent.trim();
    const number = /^[-+−]?[0-9.]+(e[-+]?[0-9]+)?/i.exec(text);
    return number ? Number(number[0].replace("−", "-")) : text.toLowerCase();
  };
  const compare = (a, b) => {
    if (typeof a === typeof b) return a < b ? -1 : a > b ? 1 : 0;
    return typeof a === "number" ? -1 : 1;
  };
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    head.setAttribute("aria-sort", "none");
    button.addEventListener("click", () => {
      const direction = head.getAttribute("aria-sort") === "ascending" ? "descending" : "ascending";
      heads.forEach((other) => other.setAttribute("aria-sort", "none"));
      head.setAttribute("aria-sort", direction);
      const sign = direction === "ascending" ? 1 : -1;
      const rows = [...body.rows].map((row) => [key(row, column), row]);
      rows.sort(([a], [b]) => sign * compare(a, b));
      body.append(...rows.map(([, row]) => row));
    });
  });
}

// A slider below a chart reads off the values of all its curves at one point, which a line in the chart shows.
function makeReadable(chart) {
  const points = JSON.parse(chart.dataset.points);
  const svg = chart.querySelector("svg");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "line");
  line.setAttribute("stroke", "#555");
  line.setAttribute("stroke-dasharray", "3 3");
  line.setAttribute("y1", points.top);
  line.setAttribute("y2", points.bottom);
  svg.append(line);
  const label = document.createElement("label");
  const slider = Object.assign(document.createElement("input"), {
    type: "range", min: 0, max: points.texts.length - 1, step: 1, value: 0,
  });
  label.append(`Read off: ${points.name} `, slider);
  const output = document.createElement("output");
  output.setAttribute("aria-live", "polite");
  chart.append(label, output);
  const show = (index) => {
    slider.value = index;
    line.setAttribute("x1", points.x[index]);
    line.setAttribute("x2", points.x[index]);
    output.textContent = points.texts[index];
    slider.setAttribute("aria-valuetext", points.texts[index]);
  };
  slider.addEventListener("input", () => show(Number(slider.value)));
  svg.addEventListener("pointermove", (event) => {
    const box = svg.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * svg.viewBox.baseVal.width;
    let nearest = 0;
    points.x.forEach((place, index) => {
      if (Math.abs(place - x) < Math.abs(points.x[nearest] - x)) nearest = index;
    });
    show(nearest);
  });
  show(0);
}

document.querySelectorAll("table[data-sortable]").forEach(makeSortable);
document.querySelectorAll(".chart[data-points]").forEach(makeReadable);
