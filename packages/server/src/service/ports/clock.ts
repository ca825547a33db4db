import type { Instant } from '../../domain/instant.ts';

/** The time now. Never goes back within a process, so that nothing that has expired comes to life again. */
export type Clock = () => Instant;

/** A new id, a UUID of version 7: ids made later sort later. */
export type NewId = () => string;
