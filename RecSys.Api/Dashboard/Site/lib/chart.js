// Lines and stacked bars over time, drawn by uPlot; the figures under the pointer stand in the legend.

import { h, put } from './dom.js';
import { minute, time } from './format.js';
import { colour } from './theme.js';

/** Names of colours in the style sheet, told apart by people who see few of them. */
export const COLOURS = ['c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7', 'c8', 'c9', 'c10'];

/**
 * A chart over time.
 * @param {string} title What it shows.
 * @param {object} options
 *   series: [{ label, colour?, scale?, dash?, value: number => text }], stacked: true for bars on one another,
 *   axes: [{ scale, format: number => text, side? }], height.
 * @returns {{ element: HTMLElement, update: (x: number[], values: number[][], span?: number) => void, stop: () => void }}
 *   x in Unix seconds; span: seconds that the chart shows at least.
 */
export function chart(title, { series, axes, stacked = false, height = 220 }) {
  const place = h('div', { class: 'plot', role: 'img' });
  const legend = h('ul', { class: 'legend', 'aria-hidden': 'true' });
  const element = h('figure', { class: 'chart' }, h('figcaption', null, title), place, legend);
  let plot = null;
  let columns = [[], ...series.map(() => [])];
  let raw = columns;
  let shown = 0;

  const watcher = new ResizeObserver(() => {
    if (plot && place.clientWidth > 0 && plot.width !== place.clientWidth) plot.setSize({ width: place.clientWidth, height });
  });
  const redraw = () => {
    plot?.destroy();
    plot = place.clientWidth === 0 ? null : new globalThis.uPlot(options(), columns, place);
  };

  function options() {
    const [text, grid] = [colour('muted'), colour('line')];
    const font = '12px system-ui, sans-serif';
    const paths = stacked ? globalThis.uPlot.paths.bars({ size: [0.9, 40], gap: 0 }) : undefined;
    return {
      width: place.clientWidth,
      height,
      padding: [10, 8, 0, 0],
      legend: { show: false },
      cursor: { y: false, points: { show: !stacked } },
      scales: {
        x: { time: true, range: (u, least, most) => [Math.min(least, most - shown), most] },
        ...Object.fromEntries(axes.map((axis) => [axis.scale, { range: (u, least, most) => [0, top(most)] }])),
      },
      axes: [
        {
          stroke: text, grid: { stroke: grid, width: 1 }, ticks: { stroke: grid }, font, space: 70,
          values: (u, splits) => splits.map((split) => (shown < 600 ? time(split * 1000) : minute(split * 1000))),
        },
        ...axes.map((axis, at) => ({
          scale: axis.scale, stroke: text, side: at === 0 ? 3 : 1, size: 64, font, ticks: { stroke: grid },
          grid: { show: at === 0, stroke: grid, width: 1 }, values: (u, splits) => splits.map((split) => axis.format(split)),
        })),
      ],
      series: [{}, ...series.map((each, at) => {
        const paint = colour(each.colour ?? COLOURS[at % COLOURS.length]);
        return {
          label: each.label, scale: each.scale ?? axes[0].scale, stroke: paint, width: stacked ? 0 : 2, dash: each.dash,
          fill: stacked ? paint : undefined, paths, points: { show: !stacked && columns[0].length < 3 }, spanGaps: false,
        };
      })],
      hooks: { setCursor: [(u) => show(u.cursor.idx)] },
    };
  }

  function show(at) {
    const x = raw[0];
    const index = at ?? x.length - 1;
    put(legend, x.length === 0 ? null : h('li', { class: 'when' }, time(x[index] * 1000)), series.map((each, row) =>
      h('li', null, h('span', { class: `swatch ${each.colour ?? COLOURS[row % COLOURS.length]} ${each.dash ? 'dashed' : ''}` }),
        `${each.label} `, h('b', null, index < 0 ? '–' : each.value(raw[row + 1][index])))));
  }

  function update(x, values, span = 3600) {
    shown = span;
    raw = [x, ...values];
    // Drawn from the tallest to the shortest, each over the one before.
    columns = stacked ? [x, ...sums(values)] : raw;
    place.setAttribute('aria-label', `${title}. ${summary(series, raw)}`);
    element.dataset.points = String(x.length);
    if (plot) plot.setData(columns);
    else redraw();
    show(null);
  }

  watcher.observe(place);
  window.addEventListener('theme', redraw);
  // The first drawing waits until the page knows how wide it is.
  requestAnimationFrame(() => {
    if (!plot) redraw();
  });
  return {
    element,
    update,
    stop() {
      watcher.disconnect();
      window.removeEventListener('theme', redraw);
      plot?.destroy();
      plot = null;
    },
  };
}

// Of each series the sum of it and all below.
function sums(values) {
  const below = new Array(values[0]?.length ?? 0).fill(0);
  const stacked = [];
  for (let row = values.length - 1; row >= 0; row--) {
    stacked[row] = values[row].map((value, at) => (below[at] += value ?? 0));
  }
  return stacked;
}

function top(most) {
  return most > 0 && Number.isFinite(most) ? most * 1.08 : 1;
}

function summary(series, [x, ...values]) {
  if (x.length === 0) return 'No points yet.';
  return `${x.length} points; latest: ${series.map((each, at) => `${each.label} ${each.value(values[at].at(-1))}`).join(', ')}.`;
}
