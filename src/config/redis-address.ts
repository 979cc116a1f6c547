import { z } from 'zod';

// Same grammar as the bridge's, which cannot be imported here. Found at the check, not at the start.
const address = /^(?:\[[0-9a-fA-F:.%]+\]|[^\s:/@[\],]+)(?::\d{1,5})?$/;
const ADDRESS_FORM = 'host:port or a list of such, without scheme, user and password';
const isAddressList = (text: string): boolean => text.split(',').every((part) => address.test(part.trim()));

/** One address or several, as text with commas or as a list. */
export const redisAddress = z.union(
  [z.string().refine(isAddressList, ADDRESS_FORM), z.array(z.string().regex(address, ADDRESS_FORM)).min(1)],
  { error: ADDRESS_FORM },
);
