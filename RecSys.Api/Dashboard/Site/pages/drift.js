// Whether what comes still looks like what the model was trained on.

import { get } from '../lib/api.js';
import { histograms } from '../lib/bars.js';
import { badge, card, h, put, table, tile, tiles } from '../lib/dom.js';
import { date, kindOf, number, percent, words } from '../lib/format.js';

export const title = 'Drift';
export const lead = 'Population stability index of features and categories: below 0.1 stable, below 0.2 worth a look, beyond that drift.';
export const needs = 'GET /monitoring/drift';

export async function show(place) {
  const report = await get('/monitoring/drift?window=24h');
  const features = (report.features ?? []).toSorted((one, other) => (other.psi ?? 0) - (one.psi ?? 0));
  const pair = h('div');
  const look = (feature) => put(pair, histograms(`${words(feature.name)}: PSI ${number(feature.psi, 3)}`, feature.edges,
    feature.reference, feature.current));
  const categories = report.categories;
  const quality = report.quality;

  put(place,
    card(null, tiles(
      tile('Verdict', badge(words(report.status), kindOf(report.status)), `${date(report.from)} – ${date(report.to)}`),
      tile('Compared with', report.reference ?? '–', 'model version'), tile('Rows', number(report.rows),
        report.lists === undefined ? null : `of ${number(report.lists)} lists`),
      tile('Prediction', number(report.prediction?.psi, 3), words(report.prediction?.status)),
      tile('Embedding', number(report.embedding?.psi, 3), words(report.embedding?.status))),
    responsible(report)),
    card('One feature', pair),
    card('Features', table('Features by their index', [
      ['Feature', (row) => h('button', { type: 'button', class: 'link', onclick: () => look(row) }, row.name)],
      ['PSI', (row) => number(row.psi, 3), 'number'], ['Verdict', (row) => badge(words(row.status), kindOf(row.status))],
      ['Rows', (row) => number(row.rows), 'number'],
    ], features, 'No feature was compared yet.')),
    categories ? card(`Categories: PSI ${number(categories.psi, 3)}`, badge(words(categories.status), kindOf(categories.status)),
      table('Shares of categories', [
        ['Category', (row) => row.category], ['In training', (row) => percent(row.reference), 'number'],
        ['Now', (row) => percent(row.current), 'number'],
      ], categories.shares ?? [])) : null,
    quality ? card('Quality of incoming events', tiles(
      tile('Good', percent(quality.share, 2)), tile('Accepted', number(quality.accepted)),
      tile('Waiting for items', number(quality.parked)), tile('Duplicates', number(quality.duplicates)),
      tile('Refused', number(quality.refused)))) : null);
  if (features.length > 0) look(features[0]);
  else if (report.prediction) look({ name: 'prediction', ...report.prediction });
  else put(pair, h('p', { class: 'muted' }, 'Too few rows yet.'));
}

function responsible(report) {
  const names = report.responsible ?? [];
  return [names.length === 0 ? null : h('p', null, `Responsible: ${names.map(words).join(', ')}.`),
    report.advice ? h('p', null, report.advice) : null];
}
