import { ensureBuild } from './compile.mjs';
import { ensureDependencies } from './dependencies.mjs';
import { withLock } from './lock.mjs';
import { requireNode } from './node-version.mjs';

/**
 * All set-up that a script needs: Node's age, dependencies, and `target` built when one is given. Takes about 20 ms when
 * there is nothing to do.
 * @param {import('./compile.mjs').Target} [target]
 */
export async function prepare(target) {
  requireNode();
  await withLock(async () => {
    await ensureDependencies();
    if (target) await ensureBuild(target);
  });
}
