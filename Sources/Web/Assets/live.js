// What live pages gain where scripts run: answers follow the fields of a form, and a page follows a training.
"use strict";

// Shows the part of the page at an address that is marked, in the place of the same part of this page.
async function exchange(address, mark) {
  const answer = await fetch(address, { headers: { Accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const [here, there] = [document.querySelector(mark), page.querySelector(mark)];
  if (here && there && here.innerHTML !== there.innerHTML) {
    here.replaceWith(there);
    there.querySelectorAll("table[data-sortable]").forEach(makeSortable);
    there.querySelectorAll(".chart[data-points]").forEach(makeReadable);
  }
}

// One answer after another: while one is on its way, only the newest of those asked for since is kept.
function follow(form) {
  const status = document.createElement("p");
  status.setAttribute("role", "status");
  status.className = "unseen";
  form.after(status);
  let [running, wanted] = [false, null];
  const run = async () => {
    running = true;
    while (wanted) {
      const address = wanted;
      wanted = null;
      try {
        await exchange(address, "[data-result]");
        history.replaceState(null, "", address);
        status.textContent = "Updated.";
      } catch {
        status.textContent = "The server did not answer.";
      }
    }
    running = false;
  };
  const changed = (event) => {
    const reading = event.target.parentElement.querySelector(".reading");
    if (reading) reading.textContent = event.target.value;
    // Which labels there are, and how far ε goes, depends on these: the whole page is asked for.
    if (["generator", "attack"].includes(event.target.name)) {
      for (const name of ["label", "epsilon"]) {
        const field = form.elements[name];
        if (field) field.disabled = true;
      }
      form.requestSubmit();
      return;
    }
    if (!form.checkValidity()) return;
    const fields = new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== ""));
    wanted = `${form.getAttribute("action")}?${fields}`;
    if (!running) run();
  };
  for (const field of form.elements) {
    field.addEventListener(field.tagName === "SELECT" ? "change" : "input", changed);
  }
}

document.querySelectorAll("form[data-follow]").forEach(follow);
if (document.querySelector("[data-live]")) {
  setInterval(() => exchange(location.href, "[data-live]").catch(() => {}), 3000);
}
