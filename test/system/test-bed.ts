import { afterAll, beforeAll } from 'vitest';
import { testFolder } from '../e2e/cli.ts';
import { type Mosquitto, startMosquitto } from './mosquitto.ts';

/** What the tests of one file share: a mosquitto that takes every login, and a folder. Both are there while its tests run. */
export interface TestBed {
  readonly port: number;
  readonly folder: string;
}

/** To be called at the top of a test file. */
export function testBed(): TestBed {
  let folder: Awaited<ReturnType<typeof testFolder>> | undefined;
  let mosquitto: Mosquitto | undefined;
  beforeAll(async () => {
    folder = await testFolder();
    mosquitto = await startMosquitto(['allow_anonymous true', 'log_type error']);
  });
  afterAll(async () => {
    await mosquitto?.close();
    await folder?.remove();
  });
  return {
    get port() {
      return mosquitto?.port ?? notYet();
    },
    get folder() {
      return folder?.path ?? notYet();
    },
  };
}

function notYet(): never {
  throw new Error('the test bed is there only while tests run');
}
