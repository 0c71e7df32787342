import { describe, expect, it } from 'vitest';
import { loopbackFaults } from '../../../../src/scenario/checks/loopback-checks.ts';
import { loadScenario } from '../../../../src/scenario/load.ts';
import { formatFault } from '../../../../src/scenario/text/fault.ts';
import { readYaml } from '../../../../src/scenario/text/yaml-text.ts';

describe('loopbackFaults', () => {
  const text = `version: 1
name: t
duration: 2s
target: { mqtt: "mqtt://\${productKey}.localhost:1884", auth: "http://localhost/auth" }
fleets:
  - { name: f, productKey: a1, devices: 1 }
  - { name: g, productKey: b2, devices: 1 }
`;

  async function faults(known: Record<string, string[]>): Promise<string[]> {
    const read = readYaml(text, 'x.yaml');
    const check = await loadScenario({ path: 'x.yaml', text: text.replaceAll('localhost', 'nowhere.invalid') }, []);
    if (!read.ok || !check.ok) throw new Error('the scenario is one');
    const { target, fleets } = check.scenario;
    if (target.kind !== 'mqtt' || target.auth === undefined) throw new Error('the target is one');
    const addresses = [{ host: `\${productKey}.localhost`, port: 1884 }];
    const local = { ...target, addresses, auth: { ...target.auth, host: 'localhost' } };
    const found = await loopbackFaults(read.root, local, fleets, async (host) => known[host] ?? []);
    return found.map(formatFault);
  }

  it('name a host of which a single address is elsewhere', async () => {
    expect(
      await faults({
        'a1.localhost': ['127.0.0.1', '::1'],
        'b2.localhost': ['127.0.0.1', '10.0.0.5'],
        localhost: ['::2'],
      }),
    ).toEqual([
      'x.yaml:4:17: target.mqtt: b2.localhost leads to 10.0.0.5, which is not this machine; expected a loopback address behind such a name; use the address of the host, or a name of its own',
      'x.yaml:4:62: target.auth: localhost leads to ::2, which is not this machine; expected a loopback address behind such a name; use the address of the host, or a name of its own',
    ]);
  });

  it('are none where names lead to this machine, or nowhere', async () => {
    expect(await faults({ 'a1.localhost': ['127.0.0.1'], localhost: ['::1'] })).toEqual([]);
  });
});
