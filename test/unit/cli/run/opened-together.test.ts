import { expect, it } from 'vitest';
import { OpenedTogether } from '../../../../src/cli/run/opened-together.ts';

function outlet(closed: string[], name: string) {
  return {
    name,
    close: () => {
      closed.push(name);
      return Promise.resolve();
    },
  };
}

it('closes what has been opened when a later one cannot be, and passes over what was not asked for', async () => {
  const closed: string[] = [];
  const opened = new OpenedTogether();
  expect((await opened.add(Promise.resolve(outlet(closed, 'page')))).name).toBe('page');
  expect(await opened.add(Promise.resolve(undefined))).toBeUndefined();
  await expect(opened.add(Promise.reject<ReturnType<typeof outlet>>(new Error('port taken')))).rejects.toThrow('port');
  await opened.add(Promise.resolve(outlet(closed, 'folder')));
  expect(closed).toEqual([]);
  await opened.close();
  expect(closed).toEqual(['page', 'folder']);
});
