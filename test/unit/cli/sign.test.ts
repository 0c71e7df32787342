import { describe, expect, test } from 'vitest';
import yargs from 'yargs';
import { runSign, type SignArgs, signCommand } from '../../../src/cli/sign.ts';
import { FakeIo } from './emulator-io.ts';

const ARGS: SignArgs = {
  productKey: 'pk',
  deviceName: 'device',
  clientId: '12345',
  timestamp: '789',
  signmethod: 'hmacsha1',
  secure: false,
  json: false,
};
const PASSWORD = 'fafd82a3d602b37fb0fa8b7892f24a477f851a14';
const SECRET_ENV = { FLEETSTORM_DEVICE_SECRET: 'secret' };

test("prints the document's example", async () => {
  const io = new FakeIo({ env: SECRET_ENV });
  expect(await runSign(io, ARGS)).toBe(0);
  expect(io.out).toBe(
    [
      'client id  12345|securemode=3,signmethod=hmacsha1,timestamp=789|',
      'username   device&pk',
      `password   ${PASSWORD}`,
      'signed     clientId12345deviceNamedeviceproductKeypktimestamp789',
      '',
    ].join('\n'),
  );
  expect(io.err).toBe('');
});

test('prints JSON, for TLS, without a timestamp', async () => {
  const io = new FakeIo({ env: SECRET_ENV });
  expect(await runSign(io, { ...ARGS, timestamp: undefined, secure: true, json: true })).toBe(0);
  expect(JSON.parse(io.out)).toEqual({
    clientId: '12345|securemode=2,signmethod=hmacsha1|',
    username: 'device&pk',
    password: '3504e4df7ce4766d30f796ee973c9ce7fc5425cb',
    content: 'clientId12345deviceNamedeviceproductKeypk',
  });
});

test('`now` signs the time', async () => {
  const io = new FakeIo({ env: SECRET_ENV });
  await runSign(io, { ...ARGS, timestamp: 'now' });
  expect(io.out).toMatch(/,timestamp=\d{13}\|/);
});

describe('the secret', () => {
  test('may be the first line of stdin', async () => {
    const io = new FakeIo();
    const code = runSign(io, ARGS);
    io.input.write('sec');
    io.input.write('ret\r\nmore\n');
    expect(await code).toBe(0);
    expect(io.out).toContain(PASSWORD);
  });

  test('may be stdin without a line end', async () => {
    const io = new FakeIo();
    io.input.end('secret');
    expect(await runSign(io, ARGS)).toBe(0);
    expect(io.out).toContain(PASSWORD);
  });

  test('is typed unseen, with corrections, on a terminal', async () => {
    const io = new FakeIo({ isTTY: true });
    const code = runSign(io, ARGS);
    io.input.write('secx');
    io.input.write('\u007fret\r');
    expect(await code).toBe(0);
    expect(io.out).toContain(PASSWORD);
    expect(io.err).toBe('Device secret (not shown): \n');
    expect(io.rawModes).toEqual([true, false]);
  });

  test.each([
    ['Ctrl-C', 'sec\u0003'],
    ['Ctrl-D', '\u0004'],
    ['Return alone', '\r'],
  ])('is missing after %s', async (_what, keys) => {
    const io = new FakeIo({ isTTY: true });
    const code = runSign(io, ARGS);
    io.input.write(keys);
    expect(await code).toBe(2);
    expect(io.out).toBe('');
    expect(io.err).toContain('FLEETSTORM_DEVICE_SECRET');
    expect(io.rawModes).toEqual([true, false]);
  });

  test('is missing when stdin is empty', async () => {
    const io = new FakeIo();
    io.input.end();
    expect(await runSign(io, ARGS)).toBe(2);
    expect(io.err).toContain('no device secret');
  });
});

test('all faults of the arguments are told at once', async () => {
  const io = new FakeIo({ env: SECRET_ENV });
  const args = { ...ARGS, productKey: 'p&k', deviceName: '', clientId: 'x'.repeat(65), timestamp: 'soon' };
  expect(await runSign(io, args)).toBe(2);
  expect(io.err.trim().split('\n')).toEqual([
    'sign: --product-key must not be empty or contain "&"',
    'sign: --device-name must not be empty',
    'sign: --client-id has 65 characters; at most 64 are allowed',
    'sign: --timestamp soon is neither milliseconds in digits nor `now`',
  ]);
  expect(io.out).toBe('');
});

test('the command keeps digits as text and gives its exit code', async () => {
  const io = new FakeIo({ env: SECRET_ENV });
  const codes: number[] = [];
  const words = 'sign --product-key pk --device-name device --client-id 12345 --timestamp 789'.split(' ');
  await yargs(words)
    .command({ command: 'sign', ...signCommand(io, (code) => codes.push(code)) })
    .strict()
    .parseAsync();
  expect(codes).toEqual([0]);
  expect(io.out).toContain(PASSWORD);
});

test('the help shows an example and no option for the secret', async () => {
  let text = '';
  await yargs()
    .scriptName('fleetstorm')
    .wrap(200)
    .command({ command: 'sign', ...signCommand(new FakeIo(), () => undefined) })
    .parseAsync(['sign', '--help'], {}, (_error, _argv, output) => {
      text = output;
    });
  expect(text).toContain('FLEETSTORM_DEVICE_SECRET=secret fleetstorm sign --product-key pk');
  expect(text).not.toMatch(/--[a-z-]*secret/);
});
