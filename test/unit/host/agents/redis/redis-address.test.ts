import { describe, expect, it } from 'vitest';
import { REDIS_PASSWORD_VARIABLE, readRedisAddress } from '../../../../../src/host/agents/redis/redis-address.ts';

const SECRET = { [REDIS_PASSWORD_VARIABLE]: 's3cret' };

function address(text: string, env: Record<string, string> = {}) {
  const read = readRedisAddress(text, env);
  if (!read.ok) throw new Error(read.fault);
  return read.address;
}

function fault(text: string, env: Record<string, string> = {}): string {
  const read = readRedisAddress(text, env);
  return read.ok ? 'none' : read.fault;
}

describe('the address of a Redis', () => {
  it('has a host, and a port and a database if they are not the usual ones', () => {
    expect(address('redis://10.0.0.5')).toMatchObject({ host: '10.0.0.5', port: 6379, db: 0, isSecure: false });
    expect(address('redis://[::1]:7000/2')).toMatchObject({ host: '::1', port: 7000, db: 2 });
    expect(address('redis://a')).toMatchObject({ username: undefined, password: undefined });
  });

  it('takes the password from the environment, never shows it, and knows TLS', () => {
    const found = address('rediss://load@redis.example.com', SECRET);
    expect(found).toMatchObject({ isSecure: true, username: 'load', password: 's3cret' });
    expect(found.words).toBe('rediss://load@redis.example.com:6379');
    expect(address('redis://a', SECRET)).toMatchObject({ username: undefined, password: 's3cret' });
  });

  it('refuses a password on the command line without repeating it', () => {
    expect(fault('redis://load:s3cret@a')).toContain(REDIS_PASSWORD_VARIABLE);
    expect(fault('redis://:s3cret@a')).not.toContain('s3cret');
  });

  it('says what it takes otherwise', () => {
    for (const text of ['', 'redis', 'http://a', 'redis://', 'redis://a/x', 'redis://a?b=c', 'redis://a#b'])
      expect(fault(text)).toMatch(/^--redis takes redis:/);
    expect(fault('redis://load@a')).toMatch(/names the user load: set FLEETSTORM_REDIS_PASSWORD/);
  });
});
