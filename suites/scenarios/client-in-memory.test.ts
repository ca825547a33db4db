import { memoryActor } from './memory-actor.ts';
import { runScenarios } from './run-scenarios.ts';
import { SCENARIOS_OF_UPLOADS } from './scenarios.ts';

await runScenarios('the client in memory', memoryActor, SCENARIOS_OF_UPLOADS);
