import { BlockList, isIP } from 'node:net';
import { ArgumentError } from '../argument-error.ts';
import type { Environment } from './environment.ts';

/** A proxy, and the variable that names it. */
export type NamedProxy = { url: URL; variable: string };

/**
 * The proxy that a request goes through, as `curl` reads the variables: `http_proxy` or `https_proxy` by the protocol of
 * the address, else `all_proxy`, unless `no_proxy` names the host; each in capitals as well, small letters win.
 * @returns null where it goes straight
 * @throws ArgumentError where the variable cannot be meant; its value, which may hold a password, is not shown
 */
export const proxyOf = (target: URL, variables: Environment): NamedProxy | null => {
  const named = [`${target.protocol.slice(0, -1)}_proxy`, 'all_proxy']
    .flatMap((name) => [name, name.toUpperCase()])
    .find((name) => variables[name]?.trim());
  if (named === undefined || isExempt(target, variables)) return null;
  const value = variables[named]?.trim() ?? '';
  const address = value.includes('://') ? value : `http://${value}`;
  if (!URL.canParse(address)) throw new ArgumentError(`${named} is no address of a proxy.`);
  const url = new URL(address);
  if (!isDecodable(url))
    throw new ArgumentError(`${named} holds a % in its name or password that is not %25.`);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new ArgumentError(
      `${named} names a ${url.protocol.slice(0, -1)} proxy; only http and https will do.`,
    );
  }
  return { url, variable: named };
};

/** `*`, or hosts with commas between: a name with all below it, an address, a range such as 10.0.0.0/8; `:port` may follow. */
const isExempt = (target: URL, variables: Environment): boolean => {
  const host = target.hostname.replace(/^\[|\]$|\.$/g, '');
  const port = target.port || (target.protocol === 'https:' ? '443' : '80');
  const entries = (variables.no_proxy || variables.NO_PROXY || '').toLowerCase().split(/[\s,]+/);
  return entries.some((entry) => {
    if (entry === '') return false;
    if (entry === '*') return true;
    if (entry.includes('/')) return isInRange(host, entry);
    const [, bare = entry, ownPort] = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(entry) ?? [];
    if (ownPort !== undefined && ownPort !== port) return false;
    const name = bare.replace(/^\[|\]$/g, '').replace(/^\*?\.|\.$/g, '');
    // There are many ways to write one; with a zone it is no host of a URL.
    if (isIP(name) === 6 && !name.includes('%')) return new URL(`http://[${name}]`).hostname === `[${host}]`;
    return host === name || (isIP(host) === 0 && host.endsWith(`.${name}`));
  });
};

const isInRange = (host: string, range: string): boolean => {
  const [network = '', bits = ''] = range.split('/');
  const version = isIP(network);
  if (version === 0 || isIP(host) !== version || !/^\d{1,3}$/.test(bits)) return false;
  if (Number(bits) > (version === 4 ? 32 : 128)) return false;
  const list = new BlockList();
  const family = version === 4 ? 'ipv4' : 'ipv6';
  list.addSubnet(network, Number(bits), family);
  return list.check(host, family);
};

/** Name and password are sent decoded. */
const isDecodable = ({ username, password }: URL): boolean => {
  try {
    return decodeURIComponent(username + password) !== null;
  } catch {
    return false;
  }
};
