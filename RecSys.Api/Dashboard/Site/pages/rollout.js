// Steps of a rollout. The page is there once the server has rollouts.

import { get } from '../lib/api.js';
import { card, h, put, table } from '../lib/dom.js';
import { words } from '../lib/format.js';

export const title = 'Rollout';
export const lead = 'How far the new model has come.';
export const needs = 'GET /rollouts/current';

export async function show(place) {
  const rollout = await get('/rollouts/current');
  put(place, card('Current', rollout
    ? table('The rollout', [['What', ([name]) => words(name)], ['', ([, value]) => h('code', null, JSON.stringify(value))]],
      Object.entries(rollout))
    : h('p', null, 'None is under way.')));
}
