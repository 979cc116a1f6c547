import { z } from 'zod';

// Same grammar as the bridge's, which cannot be imported here. Found at the check, not at the start.
const address = /^(?:\[[0-9a-fA-F:.%]+\]|[^\s:/@[\],]+)(?::(\d{1,5}))?$/;
const ADDRESS_FORM = 'host:port or a list of such, without scheme, user and password';
const PORT_MAX = 65_535;

/** One address or several, as text with commas or as a list. */
export const redisAddress = z.union(
  [
    z.string().refine(isAddressList, ADDRESS_FORM),
    z.array(z.string().refine(isAddress, ADDRESS_FORM)).min(1),
  ],
  { error: ADDRESS_FORM },
);

function isAddressList(text: string): boolean {
  return text.split(',').every((part) => isAddress(part.trim()));
}

function isAddress(text: string): boolean {
  const found = address.exec(text);
  return found !== null && Number(found[1] ?? 0) <= PORT_MAX;
}
