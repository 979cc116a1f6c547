import { afterEach, beforeEach } from 'vitest';
import { SharingStage, type StageGateway } from './sharing-stage.ts';
import { TroubledStore } from './troubled-store.ts';

/** Of the test that runs. */
export interface TroubleStage {
  readonly stage: SharingStage;
  readonly store: TroubledStore;
  /** `g1`, on that store. */
  readonly gateway: StageGateway;
}

/** A gateway on a store that a test may take away. To be called by the file; what it returns is renewed for each test. */
export function stageTrouble(): TroubleStage {
  let started: TroubleStage | undefined;
  const present = (): TroubleStage => {
    if (started === undefined) throw new Error('not started');
    return started;
  };
  beforeEach(async () => {
    const [stage, store] = [new SharingStage(), new TroubledStore()];
    started = { stage, store, gateway: await stage.open('g1', store) };
  });
  afterEach(() => started?.stage.close());
  return {
    get stage() {
      return present().stage;
    },
    get store() {
      return present().store;
    },
    get gateway() {
      return present().gateway;
    },
  };
}
