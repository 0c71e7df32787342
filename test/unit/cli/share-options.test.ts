import { describe, expect, it } from 'vitest';
import { askedPart, askedStart, shareFault } from '../../../src/cli/run/share-options.ts';

const NOW = Date.parse('2026-12-01T10:00:00Z');

describe('--shard', () => {
  it.each([
    ['1/1', { index: 1, of: 1 }],
    ['2/4', { index: 2, of: 4 }],
    ['1000/1000', { index: 1_000, of: 1_000 }],
  ])('takes %s', (text, part) => {
    expect(askedPart(text)).toEqual(part);
    expect(shareFault({ shard: text }, NOW)).toBeUndefined();
  });

  it.each(['0/4', '5/4', '2', '2/', '/4', '-1/4', '1.5/4', '2/1001', '2 / 4', 'a/b', '2/4/8'])('refuses %s', (text) => {
    expect(askedPart(text)).toBeUndefined();
    expect(shareFault({ shard: text }, NOW)).toContain(`not ${text}`);
  });

  it('says how to number shares that were counted from 0', () => {
    expect(shareFault({ shard: '0/4' }, NOW)).toBe(
      '--shard takes K/N, such as 2/4: the second of four shares, of at most 1000, not 0/4. Shares count from 1: add 1 to a number that counts from 0',
    );
  });

  it('does not go with agents', () => {
    expect(shareFault({ shard: '2/4', redis: 'redis://a' }, NOW)).toMatch(/^--shard and --redis do not go together/);
  });

  it('does not go with --junit', () => {
    expect(shareFault({ shard: '2/4', junit: 'x.xml' }, NOW)).toMatch(/give --junit to `fleetstorm merge`$/);
    expect(shareFault({ junit: 'x.xml' }, NOW)).toBeUndefined();
  });
});

describe('--start-at', () => {
  it.each([
    ['2026-12-01T10:00:00Z', '2026-12-01T10:00:00.000Z'],
    ['2026-12-01T11:00+01:00', '2026-12-01T10:00:00.000Z'],
    ['2026-12-01T10:00:00.250Z', '2026-12-01T10:00:00.250Z'],
    ['2026-12-01T05:30:00-0430', '2026-12-01T10:00:00.000Z'],
  ])('takes %s', (text, instant) => {
    expect(askedStart(text)?.toISOString()).toBe(instant);
  });

  it.each([
    '10:00',
    '2026-12-01',
    '2026-12-01T10:00:00',
    '2026-13-01T10:00:00Z',
    '2026-12-01 10:00:00Z',
    '+30s',
    '1764583200',
  ])('refuses %s', (text) => {
    expect(askedStart(text)).toBeUndefined();
    expect(shareFault({ 'start-at': text }, NOW)).toContain(
      `such as 2026-12-01T10:00:00Z or 2026-12-01T11:00:00+01:00, not ${text}`,
    );
  });

  it('is to come', () => {
    expect(shareFault({ 'start-at': '2026-12-01T10:00:00.001Z' }, NOW)).toBeUndefined();
    expect(shareFault({ 'start-at': '2026-12-01T10:00:00Z' }, NOW)).toContain('is 0us past');
    expect(shareFault({ 'start-at': '2026-12-01T09:58:30Z' }, NOW)).toBe(
      '--start-at 2026-12-01T09:58:30Z is 1m30s past: give all shares a time at which each is ready, a minute ahead or more',
    );
  });
});
