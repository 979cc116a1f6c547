import type { Config } from './schema.ts';

/** The configuration for eyes and logs: secrets that are set show as `[set]`. */
export function printable(config: Config): object {
  return {
    ...config,
    metrics: { ...config.metrics, admin_token: masked(config.metrics.admin_token) },
    auth: { ...config.auth, jwt: { ...config.auth.jwt, secret: masked(config.auth.jwt.secret) } },
    redis: { ...config.redis, password: masked(config.redis.password) },
  };
}

function masked(secret: string): string {
  return secret === '' ? '' : '[set]';
}
