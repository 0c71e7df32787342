import { expect, test } from 'vitest';
import { warmUp } from '../../src/emulator/emulator-warm-up.ts';

test('warming up ends by itself and leaves nothing open', async () => {
  const before = process.getActiveResourcesInfo().filter((name) => name.startsWith('TCP')).length;
  await warmUp();
  const sockets = (): number => process.getActiveResourcesInfo().filter((name) => name.startsWith('TCP')).length;
  await expect.poll(sockets).toBe(before);
});
