// What a client needs of the contract, without the schemas: their library is most of what loading it would cost.
export * from './escaped-keys.ts';
export * from './file-names.ts';
export * from './name-room.ts';
export * from './printable.ts';
export * from './sidecars.ts';
export * from './words.ts';
