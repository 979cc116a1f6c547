type Listeners<Events> = { [Name in keyof Events]?: Set<(event: Events[Name]) => void> };

/** Typed events for the application. */
export class Emitter<Events extends object> {
  readonly #listeners: Listeners<Events> = {};

  /** Returns the function that unsubscribes. The same listener counts once per event. */
  on<Name extends keyof Events>(name: Name, listener: (event: Events[Name]) => void): () => void {
    const listeners: Set<(event: Events[Name]) => void> = this.#listeners[name] ?? new Set();
    this.#listeners[name] = listeners;
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  /** What a listener throws is reported as uncaught and reaches neither the client nor the other listeners. */
  emit<Name extends keyof Events>(name: Name, event: Events[Name]): void {
    const listeners = this.#listeners[name];
    if (listeners === undefined) return;
    for (const listener of listeners) {
      try {
        listener(event);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
