// Draws the charts of the pages. A chart is a figure of the page:
//
//   <figure class="chart" data-source="/eventwire/data/overview">
//     <figcaption>...</figcaption><div class="chart-canvas" role="img"></div>
//     <details class="chart-table">the same numbers as a table, made by the server</details>
//   </figure>
//
// drawCharts({ kind: build }) draws every figure whose data-chart is "kind": `build(data, theme)`
// returns the options of ECharts for what the JSON route answers. Colours come from the variables
// of explorer.css and follow the system's dark and light.

import * as echarts from "./vendor/echarts/echarts.esm.min.js";

export { echarts };

const DARK = window.matchMedia("(prefers-color-scheme: dark)");
const STILL = window.matchMedia("(prefers-reduced-motion: reduce)");
const answers = new Map();

// The colours of the page as they are now.
export function readTheme() {
  const style = getComputedStyle(document.documentElement);
  const read = (name) => style.getPropertyValue(name).trim();
  return {
    text: read("--text"),
    muted: read("--muted"),
    line: read("--line"),
    surface: read("--surface"),
    accent: read("--accent"),
    font: getComputedStyle(document.body).fontFamily,
    series: [1, 2, 3, 4, 5, 6, 7, 8].map((number) => read(`--series-${number}`)),
    quads: {
      "verbal cooperation": read("--verbal-cooperation"),
      "material cooperation": read("--material-cooperation"),
      "verbal conflict": read("--verbal-conflict"),
      "material conflict": read("--material-conflict"),
    },
    // From least to most, for heat maps and maps.
    scale: [1, 2, 3, 4, 5].map((number) => read(`--scale-${number}`)),
  };
}

// What all charts have in common; the options of a chart overrule it.
function common(theme) {
  const axis = {
    axisLine: { lineStyle: { color: theme.line } },
    axisTick: { show: false },
    axisLabel: { color: theme.muted, hideOverlap: true },
    splitLine: { lineStyle: { color: theme.line } },
    nameTextStyle: { color: theme.muted },
  };
  return {
    theme: {
      color: theme.series,
      backgroundColor: "transparent",
      textStyle: { color: theme.text, fontFamily: theme.font },
      legend: { textStyle: { color: theme.text }, pageTextStyle: { color: theme.muted } },
      categoryAxis: { ...axis, splitLine: { show: false } },
      valueAxis: { ...axis, axisLine: { show: false } },
      timeAxis: { ...axis, splitLine: { show: false } },
      logAxis: axis,
    },
    options: {
      animation: !STILL.matches,
      animationDuration: 250,
      aria: { enabled: true },
    },
  };
}

// HTML in a tooltip would need style attributes, which the policy of the page forbids.
function tooltip(theme) {
  return {
    renderMode: "richText",
    confine: true,
    backgroundColor: theme.surface,
    borderColor: theme.line,
    textStyle: { color: theme.text, fontFamily: theme.font },
  };
}

// Asks a JSON route; figures that show the same answer ask once.
export function load(address) {
  if (!answers.has(address)) {
    const asked = fetch(address, {
      headers: { Accept: "application/json" },
      credentials: "same-origin",
    }).then((answer) => {
      if (!answer.ok) {
        throw new Error(`${answer.status} ${answer.statusText}`);
      }
      return answer.json();
    });
    answers.set(address, asked);
  }
  return answers.get(address);
}

// Draws one chart into the figure and keeps it to the figure's size and the system's colours.
// Returns the chart of ECharts, anew after a change of colours by way of `onChart`.
export async function draw(figure, build, onChart = () => {}) {
  const place = figure.querySelector(".chart-canvas");
  let data;
  try {
    data = await load(figure.dataset.source);
  } catch (error) {
    place.textContent = `This chart could not be loaded (${error.message}). Load the page again.`;
    place.classList.add("chart-failed");
    return;
  }
  let chart;
  const show = () => {
    chart?.dispose();
    const theme = readTheme();
    const shared = common(theme);
    const built = build(data, theme, figure);
    if (!built) {
      place.textContent = "Nothing to draw: no rows for this choice.";
      place.classList.add("chart-failed");
      return;
    }
    place.classList.remove("chart-failed");
    chart = echarts.init(place, shared.theme, { renderer: "canvas" });
    chart.setOption({
      ...shared.options,
      ...built,
      tooltip: { ...tooltip(theme), ...(built.tooltip ?? {}) },
    });
    place.setAttribute("aria-label", figure.querySelector("figcaption")?.textContent.trim() ?? "");
    figure.dataset.drawn = "yes";
    onChart(chart, data);
  };
  show();
  new ResizeObserver(() => chart?.resize()).observe(place);
  DARK.addEventListener("change", show);
}

// Draws all figures of the page, each by the builder that its data-chart names.
export function drawCharts(builders) {
  for (const figure of document.querySelectorAll("figure.chart[data-chart]")) {
    const build = builders[figure.dataset.chart];
    if (build) {
      draw(figure, build);
    }
  }
}
