import { cliActor } from './cli-actor.ts';
import { runScenarios } from './run-scenarios.ts';

await runScenarios('the command line', cliActor);
