import { clientActor } from './client-actor.ts';
import { runScenarios } from './run-scenarios.ts';

await runScenarios('the client', clientActor);
