package dev.tutti.cli;

/// Team files for tests.
final class Teams {
    private Teams() {}

    /// A list, a fan-out over it, and what is made of both; `pause` is how long an item takes.
    static String fanOut(String pause) {
        return """
        tutti: 1
        agents:
          lister: { skills: [list], uses: simulated, with: { output: { items: [1, 2, 3, 4, 5, 6] } } }
          reader: { skills: [read], uses: simulated, limits: { concurrency: 2 }, with: { latency: PAUSE, usd: 0.001, input_tokens: 10, output_tokens: 5 } }
          writer: { skills: [write], uses: simulated, with: { output: { text: "all of it [1]", citations: [ { source: a.md, sentence: "it is so" } ] } } }
        workflows:
          answer:
            input: { question: string }
            tasks:
              search: { skill: list }
              read: { skill: read, each: "${search.items}", input: { n: "${item}" } }
              answer: { skill: write, input: { notes: "${read}" } }
            output: "${answer}"
        """
                .replace("PAUSE", pause);
    }

    /// A task that fails whatever is done.
    static String failing() {
        return """
        tutti: 1
        agents:
          unlucky: { skills: [try], uses: simulated, with: { failure: 1 } }
        workflows:
          hopeless:
            tasks:
              first: { skill: try, retry: { attempts: 2, backoff: 1ms..2ms } }
              second: { skill: try, after: [first] }
            output: "${second}"
        """;
    }

    /// A task that asks a person, in a run of its own.
    static String asking() {
        return """
        tutti: 1
        agents:
          boss: { uses: human, with: { choices: [red, blue] } }
        workflows:
          outer:
            tasks:
              part: { workflow: inner }
              last: { agent: boss, after: [part] }
            output: "${part}"
          inner:
            tasks:
              decide: { agent: boss }
              last: { agent: boss, after: [decide] }
            output: "${decide}"
        """;
    }
}
