from console.kit.findings import Finding, Severity, errors


def finding(code: str, severity: Severity) -> Finding:
    return Finding(code, severity, title="A title.", evidence="Evidence.", next_step="Do this.")


def test_only_errors_refuse_and_keep_their_order() -> None:
    findings = [finding(str(n), severity) for n, severity in enumerate([*Severity, *Severity])]

    assert [error.code for error in errors(findings)] == ["0", "3"]


def test_severities_are_plain_words_in_the_api() -> None:
    assert [severity.value for severity in Severity] == ["error", "warning", "info"]
