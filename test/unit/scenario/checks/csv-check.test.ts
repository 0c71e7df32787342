import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readDeviceCsv } from '../../../../src/device/list/device-csv.ts';
import type { CsvDevice } from '../../../../src/device/list/device-csv-row.ts';
import { platformRules } from '../../../../src/device/list/list-rules.ts';
import { CsvChecker } from '../../../../src/scenario/checks/csv-check.ts';
import { loadScenario } from '../../../../src/scenario/load.ts';
import { formatFault } from '../../../../src/scenario/text/fault.ts';
import { checkDeviceCsv } from '../../../fixtures/checked-device-list.ts';

const folder = mkdtempSync(join(tmpdir(), 'fleetstorm-csv-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function all(devices: AsyncIterable<CsvDevice>): Promise<CsvDevice[]> {
  const list: CsvDevice[] = [];
  for await (const device of devices) list.push(device);
  return list;
}

let files = 0;
function file(content: string | Buffer): string {
  const path = join(folder, `${++files}.csv`);
  writeFileSync(path, content);
  return path;
}

async function faultsOf(content: string | Buffer, productKey?: string): Promise<string[]> {
  const { faults } = await checkDeviceCsv(file(content), { productKey });
  return faults.map((fault) =>
    formatFault(fault)
      .replace(/^.*?\.csv:?/, '')
      .trim(),
  );
}

const HEADER = 'DeviceName,DeviceSecret,ProductKey\n';

describe('readDeviceCsv', () => {
  it.each([
    ['plain', `${HEADER}d1,s1,p1\nd2,s2,p2\n`],
    ['without a last newline', `${HEADER}d1,s1,p1\nd2,s2,p2`],
    ['with BOM and CRLF', `\uFEFF${HEADER}d1,s1,p1\nd2,s2,p2\n`.replaceAll('\n', '\r\n')],
    ['with other columns, in another order', 'status,productkey,DEVICESECRET,deviceName\nx,p1,s1,d1\ny,p2,s2,d2\n'],
    ['with quotes', `${HEADER}"d1","s1","p1"\nd2,s2,p2\n`],
  ])('streams devices: %s', async (_, content) => {
    expect(await all(readDeviceCsv(file(content), platformRules(undefined)))).toEqual([
      { line: 2, deviceName: 'd1', deviceSecret: 's1', productKey: 'p1' },
      { line: 3, deviceName: 'd2', deviceSecret: 's2', productKey: 'p2' },
    ]);
  });

  it("puts the fleet's product where a row names none, and counts blank lines as rows", async () => {
    const path = file(`${HEADER}d1,s1,\n\nd2,s2,p2\n`);
    const devices = await all(readDeviceCsv(path, platformRules('p0')));
    expect(devices.map(({ line, productKey }) => [line, productKey])).toEqual([
      [2, 'p0'],
      [4, 'p2'],
    ]);
  });

  it('throws at the first fault, with file and row and no secret', async () => {
    const path = file(`${HEADER}d1,s1,p1\n,hunter2,p2\n`);
    await expect(all(readDeviceCsv(path, platformRules(undefined)))).rejects.toThrow(`${path}:3: DeviceName is empty`);
  });
});

describe('checkDeviceCsv', () => {
  it.each([
    [
      '',
      ['the file is empty; expected a header line with DeviceName, DeviceSecret and ProductKey, separated by commas'],
    ],
    [HEADER, ['no devices; expected at least one row after the header']],
    [
      'd1,hunter2,p1\n',
      [
        '1: the column DeviceName is missing; expected a header line with DeviceName, DeviceSecret and ProductKey, separated by commas',
      ],
    ],
    [
      'DeviceName|DeviceSecret|ProductKey\n',
      [
        '1: the column DeviceName is missing; expected a header line with DeviceName, DeviceSecret and ProductKey, separated by commas, semicolons or tabs; put commas between the columns',
      ],
    ],
    [
      'DeviceName,DeviceName,DeviceSecret\n',
      [
        '1: the column DeviceName appears here 2 times; expected a header line with DeviceName, DeviceSecret and ProductKey, separated by commas',
      ],
    ],
    [`${HEADER},s,p\nd,,p\nd,s,\n`, ['2: DeviceName is empty', '3: DeviceSecret is empty', '4: ProductKey is empty']],
    [
      `${HEADER}d,s\nd2,s,p,x\n`,
      ['2: 2 fields; expected 3, as in the header line', '3: 4 fields; expected 3, as in the header line'],
    ],
    [`${HEADER}${'d'.repeat(65)},s,p\n`, ['2: DeviceName is 65 characters long; expected at most 64']],
    [`${HEADER}d,hunter2,p&q\n`, ['2: ProductKey holds "&", which ends the device name in a login']],
    [`${HEADER}d, hunter2,p\n`, ['2: DeviceSecret starts or ends with a blank']],
    [`${HEADER}d,"hun\nter2",p\n`, ['2: DeviceSecret holds a control character']],
    [Buffer.from(`${HEADER}d\xff,s,p\n`, 'latin1'), ['2: DeviceName is neither UTF-8 nor GBK text']],
    [`${HEADER}d,s,p\nd2,hun"ter2,p\n`, ['3: not CSV: a quote is out of place or not closed']],
    [`${HEADER}d,s,p\nd2,"hunter2,p\n`, ['3: not CSV: a quote is out of place or not closed']],
    [
      `${HEADER}d2,"hunter2,p\n${'x,y,z\n'.repeat(50_000)}`,
      ['2: longer than 262,144 characters; is a quote not closed?'],
    ],
  ])('names the fault by row: %#', async (content, expected) => {
    const found = await faultsOf(content);
    expect(found).toHaveLength(expected.length);
    for (const [index, text] of expected.entries()) expect(found[index]).toContain(text);
    expect(found.join()).not.toContain('hunter2');
  });

  it('names the row in which a device stands already', async () => {
    const found = await faultsOf(`${HEADER}a,s,p\nb,s,p\na,s2,p\na,s,q\n`);
    expect(found).toEqual([expect.stringMatching(/^\S*4: the same device is already in \S+\.csv:2/)]);
  });

  it('lists 20 faults and counts the others', async () => {
    const found = await faultsOf(HEADER + ',s,p\n'.repeat(50));
    expect(found).toHaveLength(21);
    expect(found[20]).toBe('and 30 more');
  });

  it('names the row that a duplicate repeats, in another file too', async () => {
    const [first, second] = [file(`${HEADER}a,s,p\nb,s,p\n`), file(`${HEADER}c,s,p\nb,s,p\nc,s,p\n`)];
    const checker = new CsvChecker();
    const use = { rules: platformRules(undefined) };
    expect((await checker.check(first, 'first.csv', use)).faults).toEqual([]);
    expect((await checker.check(second, 'second.csv', use)).faults.map(formatFault)).toEqual([
      'second.csv:3: the same device is already in first.csv:3',
      'second.csv:4: the same device is already in second.csv:2',
    ]);
  });

  it('tells a file that is not there', async () => {
    const { count, faults } = await checkDeviceCsv(join(folder, 'none.csv'));
    expect(count).toBe(0);
    expect(faults.map(({ message }) => message)).toEqual(['no such file']);
  });
});

describe('a scenario with a device file', () => {
  const scenario = (fleets: string): string =>
    `version: 1\nname: x\nduration: 5s\ntarget: { emulator: {} }\nfleets:\n${fleets}\n`;

  it('counts the rows, and takes percentages of them', async () => {
    const path = file(`${HEADER}${Array.from({ length: 30 }, (_, row) => `d${row},s,p\n`).join('')}`);
    const text = scenario(`  - { name: listed, devices: { csv: "${path}" }, faults: { wrongSecret: 10% } }`);
    const check = await loadScenario({ path: join(folder, 'x.yaml'), text }, []);
    expect(check).toMatchObject({
      ok: true,
      scenario: { fleets: [{ devices: { kind: 'csv', path, count: 30 }, flaws: { wrongSecretCount: 3 } }] },
    });
  });

  it('says last how many faults of the device file are not listed', async () => {
    writeFileSync(join(folder, 'worse.csv'), HEADER + ',s,p\n'.repeat(25));
    const text = scenario('  - { name: listed, devices: { csv: worse.csv } }');
    const check = await loadScenario({ path: join(folder, 'a.yaml'), text }, []);
    const found = check.ok ? [] : check.faults.map(formatFault).map((line) => line.replaceAll(`${folder}/`, ''));
    expect(found).toHaveLength(22);
    expect(found.slice(-2)).toEqual(['worse.csv:21: DeviceName is empty', 'worse.csv: and 5 more']);
  });

  it('names both places of a fault', async () => {
    writeFileSync(join(folder, 'bad.csv'), `${HEADER}d,,p\nm-000002,s,p\nm-000003,s,p\n`);
    const text = scenario(
      '  - { name: m, productKey: p, devices: 2 }\n  - { name: listed, devices: { csv: bad.csv } }',
    );
    const check = await loadScenario({ path: join(folder, 'x.yaml'), text }, []);
    const found = check.ok ? [] : check.faults.map(formatFault).map((line) => line.replaceAll(`${folder}/`, ''));
    expect(found).toEqual([
      'bad.csv:2: DeviceSecret is empty',
      'bad.csv:3: fleet m generates a device with this name',
      'x.yaml:7:30: fleets[1].devices: the device file bad.csv cannot be used; see the faults of that file',
    ]);
  });
});
