import { expect, it } from 'vitest';
import { stageLinks } from '../support/link-stage.ts';

it.each([
  ['is not let in where that is required', true, false, 65_536],
  ['is let in where it is not', false, true, 1_048_576],
])('a user that nobody has verified %s', (_what, requiresHello, authenticated, frameBytesMax) => {
  const { links, hub, accept } = stageLinks(requiresHello);
  const { link, connection } = accept();
  hub.bind(link.session, 7, 0);
  links.admit(link);
  expect(link.authenticated).toBe(authenticated);
  expect(connection.frameBytesMax).toBe(frameBytesMax);
});

it('a verified user is let in, and a link that had one is not any more with a session of nobody', () => {
  const { links, lifecycle, hub, accept } = stageLinks(true);
  const { link, connection } = accept();
  expect(link.authenticated).toBe(false);
  hub.bind(link.session, 7, 0);
  lifecycle.grant(link.session, { verified: true, permissions: [], attributes: {}, expiresAtMs: 0 });
  links.admit(link);
  expect(link.authenticated).toBe(true);
  expect(connection.frameBytesMax).toBe(1_048_576);
  link.session = lifecycle.create('2');
  links.admit(link);
  expect(link.authenticated).toBe(false);
});
