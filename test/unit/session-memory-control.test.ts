import { describe, expect, it } from 'vitest';
import type { ControlMessage } from '../../src/session/control/control-channel.ts';
import { MemoryControlChannel, MemoryPeers } from '../../src/session/control/memory-control-channel.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const logout = (user: string): ControlMessage => ({
  ...{ kind: 'logout', nonce: '', beforeMs: 0 },
  user,
});

function channels(...gatewayIds: string[]) {
  const peers = new MemoryPeers();
  return gatewayIds.map((id) => {
    const channel = new MemoryControlChannel(peers, () => {});
    const heard: ControlMessage[] = [];
    channel.listen(id, (message) => heard.push(message));
    return { channel, heard };
  });
}

describe('MemoryControlChannel', () => {
  it('reaches one gateway or all, later and in order', async () => {
    const [first, second] = channels('g1', 'g2');
    first.channel.send('g2', logout('1'));
    first.channel.sendAll(logout('2'));
    first.channel.send('g3', logout('3'));
    expect([first.heard, second.heard]).toEqual([[], []]);
    await turn();
    expect(first.heard).toEqual([logout('2')]);
    expect(second.heard).toEqual([logout('1'), logout('2')]);
  });

  it('reaches nobody that has closed, what is on its way included', async () => {
    const [first, second] = channels('g1', 'g2');
    first.channel.sendAll(logout('1'));
    second.channel.close();
    second.channel.close();
    await turn();
    expect([first.heard, second.heard]).toEqual([[logout('1')], []]);
  });

  it('reaches a gateway that has taken the place of another, which closes later', async () => {
    const [old, young] = channels('g1', 'g1');
    old.channel.close();
    young.channel.send('g1', logout('1'));
    await turn();
    expect([old.heard, young.heard]).toEqual([[], [logout('1')]]);
  });
});
