"use strict";
// Draws the charts, and puts the fresh parts of the page in the place of those that are shown.
(() => {
  const FRESH_EVERY_MS = 15000;
  const COLOURS = ["#2f7fd6", "#d9822b", "#2f9e62", "#b04fc4", "#d6434b", "#1aa3a3", "#8a7a2a", "#6b6bd6"];
  const CHARTS = [
    {title: "Rows loaded a minute", of: history => [history.loaded.times, history.loaded.rows]},
    {title: "Staged files that wait", of: history => [history.times, part(history, "waiting")]},
    {title: "Age of the oldest staged file that waits, s", of: history => [history.times, part(history, "oldest")]},
    {title: "Lake files", of: history => [history.times, part(history, "files")]},
  ];
  const charts = new Map();

  const part = (history, name) =>
    Object.fromEntries(Object.entries(history.datasets).map(([dataset, parts]) => [dataset, parts[name]]));
  const utc = seconds => new Date(seconds * 1000).toISOString();
  const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  function make(figure, names, data) {
    const axis = {stroke: colour("--quiet"), grid: {stroke: colour("--line"), width: 1}, ticks: {stroke: colour("--line")}};
    return new uPlot({
      width: figure.clientWidth - 16,
      height: 200,
      legend: {live: true},
      tzDate: at => uPlot.tzDate(new Date(at * 1000), "UTC"),
      scales: {y: {range: (u, min, max) => [0, Math.max(1, max * 1.08)]}},
      axes: [{...axis, values: (u, splits) => splits.map(at => utc(at).slice(11, 16))}, {...axis, size: 62}],
      series: [{label: "UTC", value: (u, at) => at == null ? "--" : utc(at).slice(0, 16).replace("T", " ")}, ...names.map((name, i) => ({
        label: name, stroke: COLOURS[i % COLOURS.length], width: 2, points: {size: 4}}))],
    }, data, figure);
  }

  // Arrow keys move the cursor, whose values stand in the legend.
  function keys(figure) {
    figure.addEventListener("keydown", event => {
      const chart = charts.get(figure)?.plot;
      const step = {ArrowLeft: -1, ArrowRight: 1}[event.key];
      if (!chart || !step) {
        return;
      }
      const last = chart.data[0].length - 1;
      const at = Math.min(last, Math.max(0, (chart.cursor.idx ?? last + 1) + step));
      chart.setCursor({left: chart.valToPos(chart.data[0][at], "x"), top: 10});
      event.preventDefault();
    });
  }

  function figureOf(chart) {
    const figure = document.createElement("figure");
    figure.tabIndex = 0;
    figure.setAttribute("aria-label", chart.title + "; arrow keys show its values");
    const caption = document.createElement("figcaption");
    caption.textContent = chart.title;
    figure.append(caption);
    keys(figure);
    return figure;
  }

  function draw(history) {
    const section = document.getElementById("charts");
    const place = section.querySelector(".charts");
    section.hidden = Object.keys(history.datasets).length === 0;
    // All of them before the first is drawn: it takes its width from what it finds beside it.
    if (place.children.length === 0) {
      CHARTS.forEach(chart => place.append(figureOf(chart)));
    }
    CHARTS.forEach((chart, number) => {
      const figure = place.children[number];
      const [times, byName] = chart.of(history);
      const names = Object.keys(byName);
      const data = [times, ...names.map(name => byName[name])];
      const former = charts.get(figure);
      if (former && former.names.join() === names.join()) {
        former.plot.setData(data);
      } else {
        former?.plot.destroy();
        charts.set(figure, {names, plot: make(figure, names, data)});
      }
    });
  }

  async function charted() {
    const answer = await fetch("/api/history");
    if (answer.ok) {
      draw(await answer.json());
    }
  }

  async function fresh() {
    const answer = await fetch("/");
    if (!answer.ok) {
      return;
    }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const id of ["state", "datasets", "jobs", "details"]) {
      document.getElementById(id).replaceChildren(...page.getElementById(id).childNodes);
    }
  }

  function redraw() {
    charts.forEach(chart => chart.plot.destroy());
    charts.clear();
    charted();
  }

  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  let width = innerWidth;
  addEventListener("resize", () => {
    if (innerWidth !== width) {
      width = innerWidth;
      charts.forEach((chart, figure) => chart.plot.setSize({width: figure.clientWidth - 16, height: 200}));
    }
  });
  const unreachable = () => {
    const badge = document.querySelector("#state .badge");
    badge.className = "badge bad";
    badge.textContent = "millrace serve does not answer";
  };
  setInterval(() => {
    if (!document.hidden) {
      Promise.all([fresh(), charted()]).catch(unreachable);
    }
  }, FRESH_EVERY_MS);
  charted().catch(unreachable);
})();
