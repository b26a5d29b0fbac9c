"use strict";
(function () {
  const all = (selector, root) => Array.from((root || document).querySelectorAll(selector));
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const still = window.matchMedia("(prefers-reduced-motion: reduce)");

  // Colours live in the style sheet; pictures ask for them when they are drawn.
  const shade = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  function theme(layout) {
    const ink = shade("--ink"), grid = shade("--rule");
    const made = Object.assign({}, layout, {
      paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", dragmode: false,
      font: { family: shade("--sans"), size: 12.5, color: ink },
      hoverlabel: { bgcolor: shade("--card"), bordercolor: grid, font: { color: ink, family: shade("--sans"), size: 12.5 }, align: "left" },
    });
    ["xaxis", "yaxis"].forEach((axis) => {
      if (made[axis]) made[axis] = Object.assign({ gridcolor: grid, linecolor: grid, zerolinecolor: grid }, made[axis]);
    });
    if (made.geo) made.geo = Object.assign({}, made.geo, {
      bgcolor: shade("--sea"), landcolor: shade("--land"), countrycolor: shade("--border"),
      coastlinecolor: shade("--border"), coastlinewidth: 0.6, countrywidth: 0.6,
    });
    return made;
  }

  function world() {
    const geo = window.PlotlyGeoAssets;
    if (!geo.topojson.world_50m) geo.topojson.world_50m = JSON.parse(document.getElementById("world").textContent);
  }

  function fit(name, spec, width) {
    const made = JSON.parse(JSON.stringify(spec));
    const narrow = width < 520;
    if (name === "flow") {
      const sankey = made.data[0];
      sankey.textfont = { color: shade("--ink"), shadow: "none", size: 12.5 };
      sankey.link.line = { color: shade("--card"), width: 1 };
      // Upright on a narrow screen, where each name stands on its own bar.
      if (narrow) {
        sankey.orientation = "v";
        sankey.node.thickness = 21;
        sankey.textfont = { color: "#ffffff", shadow: "none", size: 11.5 };
        made.layout.height = 20 + 78 * sankey.node.label.length;
      }
    }
    if (name === "map") {
      world();
      made.layout.height = Math.round(width / (made.layout.geo.lonaxis ? 1.25 : 1.9));
    }
    if (name === "waterfall") {
      made.data[0].textfont = { color: shade("--ink") };
      if (narrow) made.layout.yaxis.tickfont = { size: 10.5 };
    }
    return made;
  }

  // With a view box a picture shrinks with the page when it is printed, which is no time to draw it again.
  function scalable(place) {
    all("svg.main-svg", place).forEach((svg) => {
      const box = [svg.getAttribute("width"), svg.getAttribute("height")].map(parseFloat);
      svg.setAttribute("viewBox", "0 0 " + box.join(" "));
      place.style.setProperty("--aspect", box.join(" / "));
    });
  }

  const settings = { displaylogo: false, displayModeBar: false, responsive: true, scrollZoom: false, showLink: false };
  function draw(route) {
    const holder = route.querySelector("script.specs");
    if (!holder || !window.Plotly) return;
    const specs = JSON.parse(holder.textContent);
    all(".plot", route).forEach((place) => {
      const spec = specs[place.dataset.figure];
      if (!spec) return;
      const made = fit(place.dataset.figure, spec, place.clientWidth);
      window.Plotly.react(place, made.data, theme(made.layout), settings).then(() => {
        if (!place.dataset.drawn) place.on("plotly_afterplot", () => scalable(place));
        scalable(place);
        place.dataset.drawn = "yes";
      });
    });
  }
  const drawn = () => all("details.route[open]").filter((route) => route.querySelector(".plot[data-drawn]"));
  const again = () => drawn().forEach(draw);

  all("details.route").forEach((route) => route.addEventListener("toggle", () => {
    if (route.open && !route.querySelector(".plot[data-drawn]")) draw(route);
  }));
  dark.addEventListener("change", again);

  let reveal = () => {};
  function visit() {
    const id = decodeURIComponent(location.hash.slice(1));
    const route = id && document.getElementById(id);
    if (route && route.matches("tr.tail")) { reveal(route); return; }
    if (!route || !route.matches("details.route")) return;
    route.open = true;
    route.hidden = false;
    route.scrollIntoView({ behavior: still.matches ? "auto" : "smooth", block: "start" });
    route.querySelector("summary").focus({ preventScroll: true });
  }
  window.addEventListener("hashchange", visit);

  all("[hidden].tools, [hidden].filter").forEach((part) => { part.hidden = false; });
  all("[data-act]").forEach((button) => button.addEventListener("click", () => {
    all("details.route").forEach((route) => { if (!route.hidden) route.open = button.dataset.act === "open"; });
  }));

  const table = document.getElementById("ranking");
  if (table) {
    const body = table.tBodies[0], rows = Array.from(body.rows);
    const box = document.getElementById("q"), said = document.getElementById("shown");
    const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
    const texts = rows.map((row) => plain(row.textContent + " " + row.dataset.ids +
      " " + all("abbr", row).map((a) => a.title).join(" ")));
    const sections = new Map(all("details.route").map((route) => [route.dataset.rank, route]));
    const wholes = rows.filter((row) => !row.dataset.of);
    const tails = new Map(wholes.map((row) => [row.dataset.rank, []]));
    rows.forEach((row) => { if (row.dataset.of) tails.get(row.dataset.of).push(row); });
    const fold = (whole, open) => {
      whole.querySelector(".unfold").setAttribute("aria-expanded", String(open));
      filter();
    };
    const unfolded = (whole) => {
      const button = whole.querySelector(".unfold");
      return !button || button.getAttribute("aria-expanded") === "true";
    };
    const filter = () => {
      const words = plain(box.value).split(/\s+/).filter(Boolean);
      const bands = new Set(all("input[name=band]:checked").map((input) => input.value));
      const fits = new Map(rows.map((row, at) =>
        [row, bands.has(row.dataset.band) && words.every((word) => texts[at].includes(word))]));
      const count = rows.filter((row) => fits.get(row)).length;
      wholes.forEach((whole) => {
        const mine = tails.get(whole.dataset.rank);
        whole.hidden = !fits.get(whole);
        // A tail that alone fits is shown even where the tails of its route are folded.
        mine.forEach((tail) => { tail.hidden = !fits.get(tail) || !(whole.hidden || unfolded(whole)); });
        const section = sections.get(whole.dataset.rank);
        if (section) section.hidden = whole.hidden && !mine.some((tail) => fits.get(tail));
      });
      said.textContent = count === rows.length ? "" : count + " of " + rows.length + " routes";
    };
    box.addEventListener("input", filter);
    all("input[name=band]").forEach((input) => input.addEventListener("change", filter));
    document.querySelector("form.filter").addEventListener("submit", (event) => event.preventDefault());

    all(".unfold", table).forEach((button) => {
      const whole = button.closest("tr");
      button.hidden = false;
      button.setAttribute("aria-expanded", "false");
      button.addEventListener("click", () => fold(whole, !unfolded(whole)));
    });
    reveal = (tail) => {
      const whole = wholes.find((row) => row.dataset.rank === tail.dataset.of);
      if (tail.hidden) { box.value = ""; all("input[name=band]").forEach((input) => { input.checked = true; }); }
      fold(whole, true);
      tail.scrollIntoView({ behavior: still.matches ? "auto" : "smooth", block: "center" });
      tail.focus({ preventScroll: true });
    };
    filter();

    const key = (row, name) => name === "route" ? row.querySelector(".who").textContent.trim()
      : name === "goods" || name === "day" ? row.dataset[name] : Number(row.dataset[name]);
    all("th[data-sort]", table).forEach((head) => {
      const button = head.querySelector("button"), name = head.dataset.sort;
      button.disabled = false;
      button.addEventListener("click", () => {
        const up = head.getAttribute("aria-sort") === "descending" ||
          (!head.hasAttribute("aria-sort") && ["rank", "route", "goods", "day"].includes(name));
        all("th[aria-sort]", table).forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", up ? "ascending" : "descending");
        const order = (a, b) => {
          const x = key(a, name), y = key(b, name);
          const sign = typeof x === "string" ? x.localeCompare(y) : x - y;
          return (up ? sign : -sign) || Number(a.dataset.rank) - Number(b.dataset.rank);
        };
        body.append(...wholes.slice().sort(order).flatMap((whole) => [whole, ...tails.get(whole.dataset.rank)]));
      });
    });
  }
  visit();
})();
