// Is it green, why not, and what happens right now.

import { get, has } from '../lib/api.js';
import { meter } from '../lib/bars.js';
import { chart } from '../lib/chart.js';
import { badge, card, h, put, table, tile, tiles } from '../lib/dom.js';
import { bytes, date, kindOf, money, ms, msMark, number, ofTimed, percent, words } from '../lib/format.js';
import { every, listen } from '../lib/live.js';

export const title = 'Overview';
export const lead = 'Whether all is well, why not, and what happens right now.';

const LIGHTS = { green: 'All is well', yellow: 'Worth a look', red: 'Something is wrong' };

export async function show(place) {
  const light = h('section', { class: 'card light', 'aria-live': 'polite' });
  const now = h('div');
  const active = h('div');
  const serving = h('div');
  const scaling = h('div');
  const load = chart('Requests per second and latency, the last hour', {
    series: [
      { label: 'requests/s', scale: 'rate', value: (value) => number(value, 1) },
      { label: 'p50', scale: 'ms', value: ms }, { label: 'p99', scale: 'ms', dash: [6, 4], value: ms },
    ],
    axes: [{ scale: 'ms', format: msMark }, { scale: 'rate', format: (value) => `${number(value, 1)}/s` }],
  });
  put(place, h('div', { class: 'split' }, light, serving), card('Now', now),
    has('GET /monitoring/alerts') ? card('Active alerts', active) : null, card(null, load.element), scaling);

  const known = { latency: null, machine: null, business: null, alerts: null };
  const showNow = () => put(now, figures(known));
  const refresh = async () => {
    const [alerts, business, series, models, autoscaling] = await Promise.all([
      ask('GET /monitoring/alerts', '/monitoring/alerts'), ask('GET /monitoring/business', '/monitoring/business?hours=24'),
      get('/monitoring/latency/series?window=1h'), get('/models?limit=20'),
      ask('GET /monitoring/autoscaling', '/monitoring/autoscaling'),
    ]);
    showLight(light, alerts);
    showActive(active, alerts);
    [known.business, known.alerts] = [business, alerts];
    showNow();
    const points = series.points;
    load.update(points.map((point) => Date.parse(point.to) / 1000), [
      points.map((point) => point.requests_per_second), points.map((point) => ofTimed(point, point.p50_ms)),
      points.map((point) => ofTimed(point, point.p99_ms))], 3600);
    showServing(serving, models);
    showScaling(scaling, autoscaling);
  };

  [known.latency, known.machine] = await Promise.all([get('/monitoring/latency?window=1m'), get('/monitoring/health')]);
  await refresh();
  const stopRefresh = every(30, () => refresh().catch(() => {}));
  const stopListening = listen({
    latency: (report) => { known.latency = report; showNow(); },
    machine: (report) => { known.machine = report; showNow(); },
  });
  return () => {
    stopRefresh();
    stopListening();
    load.stop();
  };
}

const ask = (route, path) => (has(route) ? get(path).catch(() => null) : Promise.resolve(null));

function figures({ latency, machine, business, alerts }) {
  const seconds = (Date.parse(latency.to) - Date.parse(latency.from)) / 1000;
  const b = business?.now;
  return tiles(
    tile('Requests per second', number(latency.requests / Math.max(1, seconds), 1),
      latency.refused > 0 ? `the last minute; ${number(latency.refused_per_second, 1)}/s refused` : 'the last minute'),
    tile('Latency p50', ms(latency.total.p50_ms), `mean ${ms(latency.total.mean_ms)}`),
    tile('Latency p99', ms(latency.total.p99_ms), latency.failures === 0 ? 'no failures' : `${number(latency.failures)} failed`),
    b ? tile('Click-through rate', percent(b.ctr, 2), b.target_ctr ? `target ${percent(b.target_ctr, 2)}` : 'the last hour') : null,
    b ? tile('Revenue', `${money(b.revenue)} ${business.currency ?? ''}`, `${money(b.ecpm)} per 1,000 impressions`) : null,
    b ? tile('Personal replies', percent(b.personal_share), 'of the last hour') : null,
    tile('Processor', percent(machine.process_cpu_share), `of ${number(machine.processors, 1)}`,
      meter('Share of the processors in use', machine.process_cpu_share, levelOf(alerts, 'cpu', machine.process_cpu_share))),
    tile('Memory', bytes(machine.memory.used_bytes), machine.memory.limit_bytes ? `of ${bytes(machine.memory.limit_bytes)}` : null,
      meter('Share of the memory in use', machine.memory.used_share, levelOf(alerts, 'memory', machine.memory.used_share))));
}

// The thresholds are those of the alert that looks at the same figure.
function levelOf(alerts, name, value) {
  const rule = alerts?.rules?.find((each) => each.name === name);
  if (!rule) return 'good';
  return rule.red !== null && value >= rule.red ? 'bad' : value >= rule.yellow ? 'watch' : 'good';
}

function showLight(place, alerts) {
  if (!alerts) {
    put(place, h('h2', null, h('span', { class: 'dot none' }), 'No light'),
      h('p', null, has('GET /monitoring/alerts') ? 'The alerts could not be read just now.'
        : 'This server has no alert rules (GET /monitoring/alerts): judge by the figures below.'));
    return;
  }
  const reasons = alerts.reasons ?? [];
  put(place, h('h2', null, h('span', { class: `dot ${kindOf(alerts.light)}` }), LIGHTS[alerts.light] ?? words(alerts.light)),
    h('p', { class: 'light-word' }, `The light is ${alerts.light}.`),
    h('ul', null, reasons.map((reason) => h('li', null, reason))));
}

function showActive(place, alerts) {
  put(place, table('Active alerts', [
    ['Alert', (row) => words(row.name)], ['Level', (row) => badge(row.level, kindOf(row.level))], ['Since', (row) => date(row.since)],
    ['What', (row) => row.summary],
  ], alerts?.active ?? [], alerts ? 'None.' : 'Not told by this server.'));
}

function showServing(place, page) {
  const champion = page.models.find((model) => model.version === page.champion);
  put(place, card('What serves', h('p', null, h('b', { class: 'figure' }, page.serving ?? '–'), ' ',
    page.serving === page.champion ? badge('champion', 'good') : badge(`the champion is ${page.champion ?? 'none'}`, 'watch')),
  champion ? h('p', { class: 'muted' }, `${number(champion.items)} items, trained ${date(champion.created_at)}`) : null,
  page.nights?.next ? h('p', { class: 'muted' }, `Next night: ${date(page.nights.next)}`) : null,
  h('p', null, h('a', { href: '#/playground' }, 'Try it in the playground'))));
}

function showScaling(place, scaling) {
  if (!scaling) return put(place);
  return put(place, card('Replicas', tiles(tile('Wanted', number(scaling.desired_replicas), `${number(scaling.min_replicas)} to `
    + number(scaling.max_replicas)), tile('Ready', number(scaling.replicas))), scaling.why ? h('p', null, scaling.why) : null));
}
