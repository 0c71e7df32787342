import { expect, test } from 'vitest';
import { TokenStore } from '../../../../src/emulator/auth/issued-tokens.ts';

const DEVICE = { productKey: 'pk', deviceName: 'd' };

function store(ttlSec: number): { tokens: TokenStore; moveTo: (sec: number) => void } {
  let nowUs = 0;
  const tokens = new TokenStore({ nowUs: () => nowUs }, ttlSec);
  return {
    tokens,
    moveTo: (sec) => {
      nowUs = sec * 1_000_000;
    },
  };
}

test('a token is valid until its time is over, to the instant', () => {
  const { tokens, moveTo } = store(60);
  const token = tokens.issue(DEVICE);
  expect(tokens.find(token.iotId, token.iotToken)).toBe(token);
  moveTo(59.999_999);
  expect(tokens.isValid(token)).toBe(true);
  moveTo(60);
  expect(tokens.isValid(token)).toBe(false);
  expect(tokens.find(token.iotId, token.iotToken)).toBeUndefined();
});

test('the clock can be moved forward, which adds up', () => {
  const { tokens } = store(60);
  const token = tokens.issue(DEVICE);
  tokens.advance(30);
  expect(tokens.isValid(token)).toBe(true);
  tokens.advance(30);
  expect(tokens.isValid(token)).toBe(false);
  expect(tokens.isValid(tokens.issue(DEVICE))).toBe(true);
});

test('all can be expired at one instant; those issued at the same instant but later are valid', () => {
  const { tokens } = store(60);
  const token = tokens.issue(DEVICE);
  tokens.expireAll();
  const later = tokens.issue(DEVICE);
  expect([tokens.isValid(token), tokens.isValid(later)]).toEqual([false, true]);
});

test('the id is of the device, the token of the login; nobody else has either', () => {
  const { tokens } = store(60);
  const [first, second, other] = [
    tokens.issue(DEVICE),
    tokens.issue(DEVICE),
    tokens.issue({ ...DEVICE, deviceName: 'e' }),
  ];
  expect(second.iotId).toBe(first.iotId);
  expect(new Set([first.iotToken, second.iotToken, other.iotToken]).size).toBe(3);
  expect(tokens.find(other.iotId, first.iotToken)).toBeUndefined();
  expect(tokens.find('constructor', first.iotToken)).toBeUndefined();
});

test('a device has its newest four tokens', () => {
  const { tokens } = store(60);
  const issued = Array.from({ length: 6 }, () => tokens.issue(DEVICE));
  const found = issued.map(({ iotId, iotToken }) => tokens.find(iotId, iotToken) !== undefined);
  expect(found).toEqual([false, false, true, true, true, true]);
});
