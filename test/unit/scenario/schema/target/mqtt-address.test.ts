import { expect, test } from 'vitest';
import { localSources } from '../../../../../src/host/machine/source-plan.ts';
import { isLoopbackHost } from '../../../../../src/link/socket/loopback.ts';
import { isAllowedHost } from '../../../../../src/link/socket/remote-hosts.ts';
import { effectiveYaml } from '../../../../../src/scenario/effective.ts';
import { loadScenario } from '../../../../../src/scenario/load.ts';
import { authAddress } from '../../../../../src/scenario/schema/target/auth-address.ts';
import { mqttAddress } from '../../../../../src/scenario/schema/target/mqtt-address.ts';

test.each([
  ['mqtt://broker.example.com.:1883', 'broker.example.com.'],
  ['mqtt://localhost.', 'localhost.'],
  [`mqtts://\${productKey}.example.com.`, `\${productKey}.example.com.`],
])('%s is a full name', (text, host) => {
  expect(mqttAddress.safeParse(text).data?.host).toBe(host);
});

test.each(['mqtt://.', 'mqtt://a..', 'mqtt://a..b', 'mqtt://127.0.0.1.:1883'])('%s is no host', (text) => {
  expect(mqttAddress.safeParse(text).success).toBe(false);
});

test('an auth service may have a full name too', () => {
  expect(authAddress.safeParse('https://auth.example.com./auth/devicename').data?.host).toBe('auth.example.com.');
});

test('a full name is the same host to whoever allows hosts', () => {
  expect(isLoopbackHost('localhost.')).toBe(true);
  expect(isLoopbackHost('example.com.')).toBe(false);
  expect(isAllowedHost('Broker.example.com.', ['broker.example.com'])).toBe(true);
  expect(isAllowedHost('broker.example.com', ['broker.example.com.'])).toBe(true);
});

test('target.proxyProtocol takes the sources for its headers, and leaves the connections to the system', async () => {
  const text = [
    ...['version: 1', 'name: x', 'duration: 5s', 'target: { mqtt: "mqtt://127.0.0.1", proxyProtocol: v2 }'],
    ...['sources: [192.0.2.1]', 'fleets:', '  - { name: f, productKey: a1, devices: 1 }'],
  ].join('\n');
  const check = await loadScenario({ path: 'x.yaml', text }, []);
  if (!check.ok) return expect.fail('not loaded');
  expect(localSources(check.scenario)).toBe('system');
  const plain = await loadScenario({ path: 'x.yaml', text: text.replace(', proxyProtocol: v2', '') }, []);
  expect(plain.ok && localSources(plain.scenario)).toEqual(['192.0.2.1']);
  const again = await loadScenario({ path: 'x.yaml', text: effectiveYaml(check.scenario) }, []);
  expect(again.ok && again.scenario).toEqual(check.scenario);
});
