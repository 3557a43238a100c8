// The charts of the overview; what they show stands in tables of the page as well.

import { drawCharts } from "./charts.js";

const grid = { left: 8, right: 16, top: 16, bottom: 56, containLabel: true };
const legend = { type: "scroll", bottom: 0, icon: "roundRect", itemWidth: 12, itemHeight: 12 };

// One stack of bars a day.
function stack(days, series, colours) {
  if (!series.some(({ values }) => values.some((value) => value > 0))) {
    return null;
  }
  return {
    grid,
    legend,
    tooltip: { trigger: "axis", axisPointer: { type: "shadow" } },
    xAxis: { type: "category", data: days },
    yAxis: { type: "value", minInterval: 1 },
    series: series.map(({ name, values }) => ({
      name,
      type: "bar",
      stack: "day",
      data: values,
      barMaxWidth: 28,
      large: days.length > 200,
      itemStyle: colours ? { color: colours[name] } : {},
    })),
  };
}

drawCharts({
  sources: (data) => stack(data.days, data.sources),
  quads: (data, theme) => stack(data.days, data.quad_classes, theme.quads),
  types: (data, theme) => {
    const totals = data.event_types
      .map(({ name, values }) => [name, values.reduce((sum, value) => sum + value, 0)])
      .reverse();
    if (totals.length === 0) {
      return null;
    }
    return {
      grid: { ...grid, bottom: 8 },
      tooltip: { trigger: "axis", axisPointer: { type: "shadow" } },
      xAxis: { type: "value", minInterval: 1 },
      yAxis: { type: "category", data: totals.map(([name]) => name) },
      series: [
        {
          type: "bar",
          name: "events",
          data: totals.map(([, total]) => total),
          itemStyle: { color: theme.accent },
          barMaxWidth: 18,
        },
      ],
    };
  },
  typedays: (data, theme) => {
    if (data.days.length === 0 || data.event_types.length === 0) {
      return null;
    }
    const cells = data.event_types.flatMap(({ values }, row) =>
      values.map((value, column) => [column, row, value]),
    );
    return {
      grid: { ...grid, bottom: 56 },
      tooltip: {
        formatter: ({ data: [column, row, value] }) =>
          `${data.days[column]}\n${data.event_types[row].name}: ${value.toLocaleString()}`,
      },
      xAxis: { type: "category", data: data.days },
      yAxis: { type: "category", inverse: true, data: data.event_types.map(({ name }) => name) },
      visualMap: {
        min: 0,
        max: Math.max(1, ...cells.map(([, , value]) => value)),
        orient: "horizontal",
        left: "center",
        bottom: 0,
        itemHeight: 120,
        itemWidth: 12,
        textStyle: { color: theme.muted },
        inRange: { color: theme.scale },
      },
      series: [{ type: "heatmap", name: "events", data: cells }],
    };
  },
});
