import { expect, it } from 'vitest';
import { shownSetting } from '../../../../src/scenario/text/shown-setting.ts';

it.each([
  ['fleets.meters.devices=500', 'fleets.meters.devices=500'],
  ['target.mqtt=mqtt://127.0.0.1', 'target.mqtt=mqtt://127.0.0.1'],
  ['target.auth=https://127.0.0.1/auth', 'target.auth=https://127.0.0.1/auth'],
  ['fleets.0.faults.wrongSecret=10%', 'fleets.0.faults.wrongSecret=10%'],
  ['fleets.0.faults={ wrongSecret: 10% }', 'fleets.0.faults={ wrongSecret: 10% }'],
  ['fleets.0.auth.mode=direct', 'fleets.0.auth.mode=direct'],
  ['fleets.0.auth.password=hunter2', 'fleets.0.auth.password=...'],
  ['fleets.0.auth={ mode: password, password: hunter2 }', 'fleets.0.auth=...'],
  ['fleets.0.auth=hunter2', 'fleets.0.auth=...'],
  ['fleets=[{ name: a, auth: { "password": "hunter2" } }]', 'fleets=...'],
  ['target.tls.clientKeyPassphrase=hunter2', 'target.tls.clientKeyPassphrase=...'],
  ['hunter2', '...'],
])('of %j shows %j', (setting, shown) => {
  expect(shownSetting(setting)).toBe(shown);
});
