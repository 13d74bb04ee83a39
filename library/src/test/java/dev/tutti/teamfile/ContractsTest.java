package dev.tutti.teamfile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Fault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Contracts that do not fit together are found before anybody begins, each with its place.
class ContractsTest {
    private static final String SOUND =
            """
            tutti: 1
            skills:
              sort: { input: { text: string }, output: { topic: string, text: string } }
              answer: { input: { text: string }, output: { text: string } }
              check: { input: { text: string }, output: { ok: bool, text: string } }
            agents:
              sorter:
                skills: [sort]
                uses: simulated
                reacts_to: { request.received: { within: 20s } }
                emits: { request.sorted: {} }
              writer:
                skills: [answer]
                uses: simulated
                reacts_to: { request.sorted: { where: "${message.topic == 'bills'}" }, answer.refused: {} }
                emits: { answer.drafted: {} }
              checker:
                skills: [check]
                uses: simulated
                reacts_to: { answer.drafted: {} }
                emits: { answer.sent: { when: "${output.ok}" }, answer.refused: { when: "${!output.ok}" } }
            workflows:
              desk:
                mode: choreography
                input: { text: string }
                opens: { request.received: { text: "${input.text}" } }
                within: 10s
                expect: [ { after: request.received, then: answer.sent, same: "${message.text}", within: 1m } ]
                until: "${size(messages['answer.sent']) > 0}"
                output: "${messages['answer.sent'][0]}"
            """;

    @Test
    void contracts_that_fit_together_have_no_fault() {
        assertThat(TeamFile.parse(SOUND, "team.yaml").faults()).isEmpty();
    }

    /// One thing is changed each time.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    # dead ends
                    reacts_to: { answer.drafted: {} } | reacts_to: { request.sorted: {} } | E-CON-02 | agents.writer.emits.answer.drafted
                    reacts_to: { request.received: { within: 20s } } | reacts_to: { answer.sent: {} } | E-CON-02 | workflows.desk.opens.request.received
                    emits: { answer.drafted: {} } | emits: { answer.drafted: {}, note.written: {} } | E-CON-02 | agents.writer.emits.note.written
                    opens: { request.received: { text: "${input.text}" } } | opens: { request.received: { text: "${input.text}" }, day.begun: {} } | E-CON-02 | workflows.desk.opens.day.begun
                    # what is waited for and never said
                    messages['answer.sent']) > 0 | messages['answer.send']) > 0 | E-CON-03 | workflows.desk.until
                    answer.sent: { when: "${output.ok}" }, | | E-CON-03 | workflows.desk.until
                    messages['answer.sent'][0] | messages['answer.done'][0] | E-CON-03 | workflows.desk.output
                    emits: { request.sorted: {} } | emits: {} | E-CON-03 | workflows.desk.until
                    # what goes round for ever
                    answer.refused: { when: "${!output.ok}" } | answer.refused: {} | E-CON-04 | workflows.desk
                    emits: { request.sorted: {} } | emits: { request.sorted: {}, request.received: {} } | E-CON-04 | workflows.desk
                    emits: { answer.drafted: {} } | emits: { answer.drafted: {}, answer.refused: {} } | E-CON-04 | workflows.desk
                    # what must follow and cannot
                    after: request.received, then | after: request.lost, then | E-CON-05 | workflows.desk.expect.0.after
                    after: request.received, then: answer.sent | after: answer.sent, then: answer.drafted | E-CON-05 | workflows.desk.expect.0.then
                    then: answer.sent, same | then: answer.shelved, same | E-CON-05 | workflows.desk.expect.0.then
                    # no deadline
                    within: 10s | | E-CON-06 | workflows.desk
                    same: "${message.text}", within: 1m } | same: "${message.text}" } | E-KEY-02 | workflows.desk.expect.0
                    # contracts by themselves
                    reacts_to: { answer.drafted: {} } | | E-CON-07 | agents.checker.emits
                    , answer.refused: {} } | , answer.lost: {} } | E-CON-08 | agents.writer.reacts_to.answer.lost
                    opens: { request.received: { text: "${input.text}" } } | | E-CON-01 | workflows.desk
                    # expressions and words
                    where: "${message.topic == 'bills'}" | where: "${message.topic + 'bills'}" | E-CEL-04 | agents.writer.reacts_to.request.sorted.where
                    when: "${output.ok}" | when: "${output.okay}" | E-REF-03 | agents.checker.emits.answer.sent.when
                    emits: { request.sorted: {} } | emits: { Request Sorted: {} } | E-NAME-02 | agents.sorter.emits.Request Sorted
                    until: "${size(messages['answer.sent']) > 0}" | until: "${size(search) > 0}" | E-REF-08 | workflows.desk.until
                    mode: choreography | mode: choreografy | E-WORD-01 | workflows.desk.mode
                    mode: choreography | | E-KEY-02 | workflows.desk.opens
                    """)
    void a_fault_is_found_with_its_place(String what, String with, String code, String place) {
        assertThat(SOUND).contains(what);
        var changed = SOUND.replace(what, with == null ? "" : with);

        var faults = TeamFile.parse(changed, "team.yaml").faults();

        assertThat(faults)
                .extracting(Fault::code, fault -> String.join(".", fault.at()))
                .contains(org.assertj.core.api.Assertions.tuple(code, place));
        assertThat(faults.stream().filter(fault -> fault.code().equals(code)))
                .allSatisfy(fault -> assertThat(fault.message()).isNotBlank());
    }

    @Test
    void a_workflow_without_a_plan_has_no_tasks() {
        var faults =
                TeamFile.parse(
                                SOUND.replace(
                                        "    within: 10s\n",
                                        "    within: 10s\n    tasks: { a: { skill: sort } }\n"),
                                "team.yaml")
                        .faults();

        assertThat(faults).extracting(Fault::code).containsExactly("E-KEY-01");
    }
}
