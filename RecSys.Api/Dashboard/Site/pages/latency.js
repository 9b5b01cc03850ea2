// Where the time of a request goes, now and over time.

import { get } from '../lib/api.js';
import { stack } from '../lib/bars.js';
import { chart } from '../lib/chart.js';
import { card, h, put, table, tile, tiles } from '../lib/dom.js';
import { ms, msMark, number, ofTimed, percent, words } from '../lib/format.js';
import { every } from '../lib/live.js';

export const title = 'Latency';
export const lead = 'GET /recommend from the first byte to the sent reply, in total and by part.';

const WINDOWS = { '1m': 'last minute', '5m': 'last 5 minutes', '1h': 'last hour', '24h': 'last day' };
const SECONDS = { '1m': 60, '5m': 300, '1h': 3600, '24h': 86_400 };
const PARTS = ['authentication', 'admission', 'user_embedding', 'candidate_generation', 'feature_fetching', 'matrix', 'prediction',
  'business_logic', 'response_formatting', 'unattributed'];
const percentiles = ['p50', 'p75', 'p90', 'p95', 'p99', 'p999'];

export async function show(place, said) {
  let window = WINDOWS[said.get('window')] ? said.get('window') : '1h';
  const picker = h('div', { class: 'choices', role: 'group', 'aria-label': 'Window' });
  const totals = h('div');
  const bar = h('div');
  const rows = h('div');
  const overTime = chart('Percentiles over time', {
    series: [{ label: 'p50', value: ms }, { label: 'p90', value: ms }, { label: 'p99', dash: [6, 4], value: ms }],
    axes: [{ scale: 'ms', format: msMark }],
  });
  const refusals = chart('Failures and refusals over time', {
    height: 180,
    series: [
      { label: 'failed', scale: 'share', value: (value) => percent(value, 2) },
      { label: 'refused/s', scale: 'rate', dash: [6, 4], value: (value) => number(value, 1) },
    ],
    axes: [{ scale: 'share', format: (value) => percent(value, 1) }, { scale: 'rate', format: (value) => `${number(value, 1)}/s` }],
  });
  const parts = chart('Mean of each part over time', {
    stacked: true, series: PARTS.map((name) => ({ label: words(name), value: ms })),
    axes: [{ scale: 'ms', format: msMark }],
  });

  const refresh = async () => {
    const [report, series] = await Promise.all([
      get(`/monitoring/latency?window=${window}`), get(`/monitoring/latency/series?window=${window}`)]);
    put(picker, Object.entries(WINDOWS).map(([name, text]) => h('button', {
      type: 'button', 'aria-pressed': String(name === window), onclick: () => { window = name; refresh(); },
    }, text)));
    put(totals, tiles(
      tile('Requests', number(report.requests)),
      tile('Failures', number(report.failures), percent(ratio(report.failures, report.requests), 2)),
      tile('Shed', number(report.shed), 'failed before any stage ran'),
      tile('Refused', number(report.refused), `${number(report.refused_per_second, 1)}/s, in no other figure`),
      tile('Mean', ms(report.total.mean_ms)), tile('p50', ms(report.total.p50_ms)), tile('p99', ms(report.total.p99_ms)),
      tile('Not attributed', percent(report.unattributed_share, 2), 'of the mean')));
    const all = [...report.parts, report.unattributed];
    put(bar, stack('Mean of each part', all.map((row) => ({ name: words(row.part), value: row.mean_ms })), ms));
    put(rows, table('Parts of a request', [
      ['Part', (row) => words(row.part)], ['Mean', (row) => ms(row.mean_ms), 'number'],
      ...percentiles.map((name) => [name === 'p999' ? 'p99.9' : name, (row) => ms(row[`${name}_ms`]), 'number']),
    ], [report.total, ...all]));
    const x = series.points.map((point) => Date.parse(point.to) / 1000);
    overTime.update(x, ['p50_ms', 'p90_ms', 'p99_ms'].map((name) => series.points.map((point) => ofTimed(point, point[name]))),
      SECONDS[window]);
    refusals.update(x, [series.points.map((point) => ratio(point.failures, point.requests)),
      series.points.map((point) => point.refused_per_second)], SECONDS[window]);
    parts.update(x, PARTS.map((name) => {
      const at = series.parts.indexOf(name);
      return series.points.map((point) => (at < 0 ? 0 : ofTimed(point, point.part_means_ms[at])));
    }), SECONDS[window]);
  };

  put(place, picker, card(null, totals), card(null, bar), card(null, overTime.element), card(null, refusals.element),
    card(null, parts.element),
    card('In figures', h('p', { class: 'muted' }, 'Means of the parts add up to the mean of the whole; percentiles do not.'), rows));
  await refresh();
  const stop = every(10, () => refresh().catch(() => {}));
  return () => {
    stop();
    overTime.stop();
    refusals.stop();
    parts.stop();
  };
}

const ratio = (part, whole) => (whole > 0 ? part / whole : 0);
