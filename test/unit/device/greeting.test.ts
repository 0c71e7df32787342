import { expect, test } from 'vitest';
import { Greeting } from '../../../src/device/greeting.ts';
import { NO_SESSIONS } from '../../fixtures/online.ts';
import { SessionBench } from './session/session-bench.ts';

const SPEC = {
  subscribe: [
    { topic: `/\${productKey}/\${deviceName}/get`, qos: 1 },
    { topic: `/\${env:REGION}/#`, qos: 0 },
  ],
  publish: [{ topic: `/\${index}/update`, qos: 1, bytes: 3 }],
} as const;
const IDENTITY = { productKey: 'a1', deviceName: 'meters-000008', deviceSecret: 'hidden' };

function bench() {
  const sessions = new SessionBench();
  const greeting = new Greeting(SPEC, { REGION: 'eu' }, sessions.recorder);
  sessions.greet = (link, index) => greeting.send(link, IDENTITY, index);
  return { sessions, greeting };
}

function counted(sessions: SessionBench) {
  return sessions.recorder.take(NO_SESSIONS).messages;
}

test('a session sends it after every accepted login, filled in for its device', () => {
  const { sessions } = bench();
  const session = sessions.session(7);
  session.attempt(0);
  expect(sessions.link().calls).toEqual([]);
  sessions.link().accept();
  const sent = ['subscribe /a1/meters-000008/get:1 /eu/#:0', 'publish /8/update:1 000000'];
  expect(sessions.link().calls).toEqual(sent);
  sessions.link().lose();
  sessions.at(60_000_000);
  expect(sessions.made).toHaveLength(2);
  sessions.link().accept();
  expect(sessions.link().calls).toEqual(sent);
  expect(counted(sessions)).toEqual({ published: 2 });
});

test('a failed login sends nothing', () => {
  const { sessions } = bench();
  sessions.session(7).attempt(0);
  sessions.link().fail();
  expect(sessions.link().calls).toEqual([]);
  expect(counted(sessions)).toEqual({});
});

test('a login that is accepted while the run ends sends nothing', () => {
  const { sessions } = bench();
  sessions.session(7).attempt(0);
  sessions.isStopping = true;
  sessions.link().accept();
  expect(sessions.link().calls).toEqual(['end']);
});

test('answers are counted by what they say', () => {
  const { sessions, greeting } = bench();
  greeting.onSubscribed(1, [1, 0, 0x80]);
  greeting.onPublished();
  expect(counted(sessions)).toEqual({ subscribed: 2, refused: 1, acknowledged: 1 });
  expect(counted(sessions)).toEqual({});
});
