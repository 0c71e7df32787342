import { describe, expect, test } from 'vitest';
import { LOGIN_POLICIES, type LoginPolicy } from '../../../../src/device/auth/auth.ts';
import { TOKEN_LIFE_US, TokenStore } from '../../../../src/device/auth/token-store.ts';

const TOKEN = { iotId: 'id', iotToken: 'token' };

function storeWith(policy: LoginPolicy): TokenStore {
  const store = new TokenStore(policy, () => undefined);
  store.loginOf(3, () => '').onIssued(TOKEN, 1_000);
  return store;
}

describe('TokenStore', () => {
  test.each(LOGIN_POLICIES)('holds nothing before the first login (%s)', (policy) => {
    expect(new TokenStore(policy, () => undefined).loginOf(3, () => '').stored(0)).toBeUndefined();
  });

  test.each<[LoginPolicy, held: boolean, afterRefusal: boolean, afterSevenDays: boolean]>([
    ['on-refusal', true, false, false],
    ['never', true, true, true],
    ['always', false, false, false],
  ])('%s', (policy, held, afterRefusal, afterSevenDays) => {
    const isHeld = (store: TokenStore, nowUs: number): boolean => store.loginOf(3, () => '').stored(nowUs) === TOKEN;
    const store = storeWith(policy);
    expect(isHeld(store, 2_000)).toBe(held);
    expect(isHeld(store, 1_000 + TOKEN_LIFE_US - 1)).toBe(held);
    store.loginOf(3, () => '').onRefused();
    expect(isHeld(store, 2_000)).toBe(afterRefusal);
    expect(isHeld(storeWith(policy), 1_000 + TOKEN_LIFE_US)).toBe(afterSevenDays);
  });

  test('keeps the tokens of devices apart', () => {
    const store = storeWith('on-refusal');
    expect(store.loginOf(4, () => '').stored(2_000)).toBeUndefined();
    store.loginOf(4, () => '').onRefused();
    expect(store.loginOf(3, () => '').stored(2_000)).toBe(TOKEN);
  });

  test('tells every code', () => {
    const codes: number[] = [];
    const login = new TokenStore('always', (code) => codes.push(code)).loginOf(0, () => '');
    for (const code of [200, 401, 200]) login.onReply(code);
    expect(codes).toEqual([200, 401, 200]);
  });
});
