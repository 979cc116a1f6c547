import { MemorySessionStore } from '../../src/session/store/memory-session-store.ts';
import type {
  Appended,
  Fence,
  StoredChange,
  StoredSession,
  StoredWrite,
} from '../../src/session/store/session-store.ts';

/** A store that takes no writes while the test says so, and remembers those that it took. */
export class TroubledStore extends MemorySessionStore {
  readonly saved: string[] = [];
  /** `session@gateway`. */
  readonly removed: string[] = [];
  onUp: (() => void) | undefined;
  #away = false;

  goAway(): void {
    this.#away = true;
  }

  comeBack(): void {
    this.#away = false;
    this.onUp?.();
  }

  override async save(session: StoredSession, write: StoredWrite): Promise<boolean> {
    this.#use();
    this.saved.push(session.id);
    return await super.save(session, write);
  }

  override async append(fence: Fence, change: StoredChange): Promise<Appended> {
    this.#use();
    return await super.append(fence, change);
  }

  override async confirm(fence: Fence): Promise<void> {
    this.#use();
    await super.confirm(fence);
  }

  override async remove(fence: Fence): Promise<void> {
    this.#use();
    this.removed.push(`${fence.id}@${fence.gatewayId}`);
    await super.remove(fence);
  }

  override async get(id: string): ReturnType<MemorySessionStore['get']> {
    this.#use();
    return await super.get(id);
  }

  #use(): void {
    if (this.#away) throw new Error('away');
  }
}
