// npm's `prepare`: builds a checkout once its packages are installed. Without development packages there is nothing to build with.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import process from 'node:process';

if (hasCompiler()) {
  const { status } = spawnSync('npm', ['run', 'build'], { stdio: 'inherit', shell: process.platform === 'win32' });
  process.exitCode = status ?? 1;
} else {
  process.stderr.write(
    'Not built: typescript is a development package (--omit=dev). What dist/ holds already is used as it is.\n',
  );
}

function hasCompiler() {
  try {
    createRequire(import.meta.url).resolve('typescript/package.json');
    return true;
  } catch {
    return false;
  }
}
