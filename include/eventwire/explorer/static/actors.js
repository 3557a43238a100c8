// The charts of the page of actors; what they show stands in tables of the page as well.

import { drawCharts } from "./charts.js";

const signed = (score) => (score === null ? "no score" : `mean score ${score.toFixed(1)}`);

// Conflict to cooperation: the colours of the outer quad classes, with the middle between them.
function scoreColour(theme, score) {
  if (score === null) {
    return theme.muted;
  }
  const quads = theme.quads;
  if (score <= -5) return quads["material conflict"];
  if (score < 0) return quads["verbal conflict"];
  return score < 5 ? quads["verbal cooperation"] : quads["material cooperation"];
}

// Actors down, recipients across; `visualMap` says which colour a cell has.
function matrix(data, theme, visualMap) {
  return {
    grid: { left: 8, right: 16, top: 32, bottom: 64, containLabel: true },
    tooltip: {
      formatter: ({ data: { value } }) =>
        `${data.names[value[1]]} on ${data.names[value[0]]}\n` +
        `${value[3].toLocaleString()} events, ${signed(value[4])}`,
    },
    xAxis: { type: "category", data: data.codes, position: "top", axisLabel: { rotate: 60 } },
    yAxis: { type: "category", data: data.codes, inverse: true },
    visualMap: {
      calculable: false,
      orient: "horizontal",
      left: "center",
      bottom: 0,
      textStyle: { color: theme.muted },
      ...visualMap,
    },
    series: [
      {
        type: "heatmap",
        name: "events",
        data: data.cells.map(([column, row, events, score]) => ({
          value: [column, row, Math.log10(events), events, score],
        })),
      },
    ],
  };
}

drawCharts({
  matrix: (data, theme) => {
    if (data.codes.length === 0) {
      return null;
    }
    const most = Math.max(...data.cells.map(([, , events]) => events));
    return matrix(data, theme, {
      // By powers of ten: a few pairs have most of the events.
      min: 0,
      max: Math.max(1, Math.log10(most)),
      dimension: 2,
      itemWidth: 12,
      itemHeight: 120,
      text: [most.toLocaleString(), "1 event"],
      inRange: { color: theme.scale },
    });
  },
  scores: (data, theme) => {
    if (data.codes.length === 0) {
      return null;
    }
    const scored = data.cells.filter(([, , , score]) => score !== null);
    return matrix({ ...data, cells: scored }, theme, {
      type: "piecewise",
      dimension: 4,
      pieces: [
        { max: -5, label: "to −5", color: scoreColour(theme, -10) },
        { gt: -5, lt: 0, label: "−5 to 0", color: scoreColour(theme, -1) },
        { gte: 0, lt: 5, label: "0 to +5", color: scoreColour(theme, 1) },
        { gte: 5, label: "from +5", color: scoreColour(theme, 10) },
      ],
    });
  },
  network: ({ network }, theme) => {
    if (network.nodes.length === 0) {
      return null;
    }
    const most = Math.max(...network.nodes.map(({ events }) => events));
    const widest = Math.max(1, ...network.links.map(({ events }) => events));
    const names = new Map(network.nodes.map(({ code, name }) => [code, name]));
    return {
      tooltip: {
        formatter: ({ dataType, data }) =>
          dataType === "edge"
            ? `${names.get(data.source)} and ${names.get(data.target)}\n` +
              `${data.events.toLocaleString()} events, ${signed(data.score)}`
            : `${data.full}\n${data.events.toLocaleString()} events`,
      },
      series: [
        {
          type: "graph",
          layout: "circular",
          // Room for the codes around it.
          left: 56,
          right: 56,
          top: 48,
          bottom: 48,
          circular: { rotateLabel: true },
          roam: false,
          label: { show: true, position: "right", color: theme.text },
          data: network.nodes.map(({ code, name, events }) => ({
            id: code,
            name: code,
            full: name,
            events,
            symbolSize: 6 + 24 * Math.sqrt(events / most),
            itemStyle: { color: theme.accent },
          })),
          links: network.links.map((link) => ({
            ...link,
            lineStyle: {
              width: 1 + 7 * Math.sqrt(link.events / widest),
              color: scoreColour(theme, link.score),
              opacity: 0.7,
              curveness: 0.2,
            },
          })),
        },
      ],
    };
  },
  timeline: (data, theme) => {
    if (data.begins.length === 0) {
      return null;
    }
    // Cooperation stands above the line and conflict below it.
    const bars = data.quad_classes.map(({ name, values }) => ({
      name,
      type: "bar",
      stack: "events",
      barMaxWidth: 24,
      itemStyle: { color: theme.quads[name] },
      data: name.endsWith("conflict") ? values.map((value) => -value) : values,
    }));
    return {
      grid: { left: 8, right: 8, top: 16, bottom: 56, containLabel: true },
      legend: { type: "scroll", bottom: 0 },
      tooltip: {
        trigger: "axis",
        valueFormatter: (value) =>
          typeof value === "number" ? Math.abs(value).toLocaleString() : "none",
      },
      xAxis: { type: "category", data: data.begins },
      yAxis: [
        { type: "value", axisLabel: { formatter: (value) => Math.abs(value).toLocaleString() } },
        { type: "value", min: -10, max: 10, splitLine: { show: false } },
      ],
      series: [
        ...bars,
        {
          name: "mean score",
          type: "line",
          yAxisIndex: 1,
          data: data.scores,
          showSymbol: data.begins.length < 40,
          tooltip: {
            valueFormatter: (value) => (typeof value === "number" ? value.toFixed(1) : "none"),
          },
          lineStyle: { color: theme.text, width: 1.5 },
          itemStyle: { color: theme.text },
        },
      ],
    };
  },
});
