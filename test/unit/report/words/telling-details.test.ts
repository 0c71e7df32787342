import { expect, it } from 'vitest';
import { tellingDetails } from '../../../../src/report/words/telling-details.ts';

const row = {
  outcome: 'refused-4',
  name: 'bad user name or password',
  connackCode: 4,
  phase: 'mqtt',
  count: 3,
  share: 1,
};

it('leaves out what the row of an outcome says already', () => {
  const details = [
    { detail: 'CONNACK 4: bad user name or password', count: 2 },
    { detail: 'CONNACK 4: bad user name or password (MQTT 5 reason code 0x86)', count: 1 },
  ];
  expect(tellingDetails({ ...row, details })).toEqual(details.slice(1));
});

it('leaves out the code of the auth service that the outcome is named by, and no other', () => {
  const details = [{ detail: 'the auth service answered with code 401', count: 3 }];
  const auth = { ...row, name: undefined, connackCode: undefined, phase: 'auth', details };
  expect(tellingDetails({ ...auth, outcome: 'auth-401' })).toEqual([]);
  expect(tellingDetails({ ...auth, outcome: 'auth-other' })).toEqual(details);
});

it('has nothing to tell where there is no row', () => {
  expect(tellingDetails(undefined)).toEqual([]);
});
