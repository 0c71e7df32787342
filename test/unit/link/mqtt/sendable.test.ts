import { expect, test } from 'vitest';
import { connectFault, filterFault, filtersFault, topicFault } from '../../../../src/link/mqtt/sendable.ts';

const LOGIN = { clientId: 'd', username: 'u', password: 'p', connection: { keepaliveSec: 60, clean: true } };
const LONGEST = 'x'.repeat(65_535);

test.each([
  ['a login', LOGIN],
  ['no user name and no password', { ...LOGIN, username: undefined, password: undefined }],
  ['a user name alone', { ...LOGIN, password: undefined }],
  ['an empty user name with a password', { ...LOGIN, username: '' }],
  ['an empty client id of a clean session', { ...LOGIN, clientId: '' }],
  ['the longest texts', { ...LOGIN, clientId: LONGEST, username: LONGEST, password: LONGEST }],
  ['U+0000 in a password, which is bytes', { ...LOGIN, password: 'a\0b' }],
  ['the longest keepalive', { ...LOGIN, connection: { keepaliveSec: 65_535, clean: true } }],
])('CONNECT carries %s', (_what, fields) => {
  expect(connectFault(fields)).toBeUndefined();
});

test.each([
  ['a password without a user name', { ...LOGIN, username: undefined }, /^a password without a user name \(/],
  [
    'no client id of a kept session',
    { ...LOGIN, clientId: '', connection: { keepaliveSec: 60, clean: false } },
    /^an empty client id together with/,
  ],
  ['too long a client id', { ...LOGIN, clientId: `${LONGEST}x` }, /^a client id longer than 65,535 bytes/],
  ['too long a user name', { ...LOGIN, username: 'ä'.repeat(32_768) }, /^a user name longer than 65,535 bytes/],
  ['too long a password', { ...LOGIN, password: 'x'.repeat(70_000) }, /^a password longer than 65,535 bytes/],
  ['U+0000 in a client id', { ...LOGIN, clientId: 'a\0b' }, /^a client id that holds U\+0000/],
  ['U+0000 in a user name', { ...LOGIN, username: 'a\0b' }, /^a user name that holds U\+0000/],
  [
    'too long a keepalive',
    { ...LOGIN, connection: { keepaliveSec: 65_536, clean: true } },
    /^a keepalive above 65,535 s/,
  ],
  [
    'half a second of keepalive',
    { ...LOGIN, connection: { keepaliveSec: 0.5, clean: true } },
    /^a keepalive above 65,535 s, or not in whole/,
  ],
])('CONNECT does not carry %s', (_what, fields, fault) => {
  expect(connectFault(fields)).toMatch(fault);
});

test('faults repeat nothing of what they are about', () => {
  expect(connectFault({ ...LOGIN, password: 'geheim'.repeat(11_000) })).not.toContain('geheim');
  expect(topicFault('geheim/#')).not.toContain('geheim');
});

test.each([
  ['a/b', undefined],
  ['/', undefined],
  [LONGEST, undefined],
  ['', /^an empty topic/],
  ['a/+/b', /^a topic with a wildcard/],
  ['room#2', /^a topic with a wildcard/],
  ['a\0', /^a topic that holds U\+0000/],
  [`${LONGEST}x`, /^a topic longer than/],
])('topic %#', (topic, fault) => {
  if (fault === undefined) expect(topicFault(topic)).toBeUndefined();
  else expect(topicFault(topic)).toMatch(fault);
});

test.each([
  ['a/+/b', undefined],
  ['#', undefined],
  ['a/#', undefined],
  ['', /^an empty topic filter/],
  ['a/x#/b', /^a topic filter with a wildcard/],
  ['a/#/b', /^a topic filter with a wildcard/],
  ['a\0', /^a topic filter that holds U\+0000/],
])('filter %j', (filter, fault) => {
  if (fault === undefined) expect(filterFault(filter)).toBeUndefined();
  else expect(filterFault(filter)).toMatch(fault);
});

test('of several filters the first fault counts', () => {
  const filters = ['a', 'b/x+', ''].map((topic) => ({ topic, qos: 1 }) as const);
  expect(filtersFault(filters)).toMatch(/^a topic filter with a wildcard/);
  expect(filtersFault(filters.slice(0, 1))).toBeUndefined();
});
