// The map of events by country; the tables of the page have the same numbers.

import { draw, echarts } from "./charts.js";

const figure = document.querySelector("figure[data-chart=map]");

// Small states are dots, since their outlines could not be seen.
function findDots(outlines) {
  return new Map(
    outlines.features
      .filter(({ properties }) => properties.dot)
      .map(({ properties }) => [properties.name, properties.dot]),
  );
}

function tell({ name, events }) {
  return `${name}: ${events.toLocaleString()} ${events === 1 ? "event" : "events"}`;
}

// Area in proportion to the number, from a dot that can be met to one that hides no country.
function size(events, most) {
  return 5 + 13 * Math.sqrt(events / most);
}

function build(dots) {
  return (data, theme) => {
    const colour = (events) => {
      const place = data.classes.findIndex(([least, most]) => least <= events && events <= most);
      return place < 0 ? theme.surface : theme.scale[place];
    };
    const byCode = new Map(data.countries.map((country) => [country.code, country]));
    const most = Math.max(1, ...data.towns.map(({ events }) => events));
    return {
      tooltip: {
        trigger: "item",
        formatter: ({ data: item, name }) => item?.told ?? `${byCode.get(name)?.name ?? name}: no events`,
      },
      geo: {
        map: "world",
        roam: "move",
        scaleLimit: { min: 1, max: 12 },
        left: 0, right: 0, top: 0, bottom: 0,
        itemStyle: { areaColor: theme.surface, borderColor: theme.muted, borderWidth: 0.4 },
        emphasis: { label: { show: false }, itemStyle: { areaColor: theme.series[1] } },
        select: { disabled: true },
        regions: data.countries.map((country) => ({
          name: country.code,
          itemStyle: { areaColor: colour(country.events) },
        })),
      },
      series: [
        {
          type: "map",
          geoIndex: 0,
          name: "countries",
          data: data.countries.map((country) => ({
            name: country.code, value: country.events, link: country.link, told: tell(country),
          })),
        },
        {
          type: "scatter",
          coordinateSystem: "geo",
          name: "small states",
          symbolSize: 10,
          data: data.countries
            .filter(({ code }) => dots.has(code))
            .map((country) => ({
              name: country.code,
              value: [...dots.get(country.code), country.events],
              link: country.link,
              told: tell(country),
              itemStyle: { color: colour(country.events), borderColor: theme.muted, borderWidth: 1 },
            })),
        },
        {
          type: "scatter",
          coordinateSystem: "geo",
          name: "towns",
          data: data.towns.map((town) => ({
            name: town.name,
            value: [...town.at, town.events],
            link: town.link,
            told: tell(town),
            symbolSize: size(town.events, most),
          })),
          itemStyle: { color: theme.series[1], borderColor: theme.surface, borderWidth: 1, opacity: 0.85 },
        },
      ],
    };
  };
}

function connect(chart) {
  chart.on("click", ({ data }) => {
    if (data?.link) {
      window.location.assign(data.link);
    }
  });
  let zoom = 1;
  const tools = figure.querySelector(".map-tools");
  tools.hidden = false;
  tools.onclick = ({ target }) => {
    const factor = Number(target.dataset.zoom ?? NaN);
    if (Number.isNaN(factor)) {
      return;
    }
    zoom = factor === 0 ? 1 : Math.min(12, Math.max(1, zoom * factor));
    chart.setOption({ geo: factor === 0 ? { zoom, center: null } : { zoom } });
  };
}

async function show() {
  const place = figure.querySelector(".chart-canvas");
  try {
    const answer = await fetch(figure.dataset.outlines, { credentials: "same-origin" });
    if (!answer.ok) {
      throw new Error(`${answer.status} ${answer.statusText}`);
    }
    const outlines = await answer.json();
    echarts.registerMap("world", outlines);
    await draw(figure, build(findDots(outlines)), connect);
  } catch (error) {
    place.textContent = `The outlines could not be loaded (${error.message}). Load the page again.`;
    place.classList.add("chart-failed");
  }
}

show();
