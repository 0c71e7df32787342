import { createRequire } from 'node:module';

/** This program's version, as in its package.json. */
export const version: string = versionIn(createRequire(import.meta.url)('../../package.json'));

function versionIn(manifest: unknown): string {
  const isOne = typeof manifest === 'object' && manifest !== null && 'version' in manifest;
  if (isOne && typeof manifest.version === 'string') return manifest.version;
  throw new Error('package.json has no version');
}
