"""上传数据: drop files, see what loading them would do, say what they lack, publish."""

from dashboard import canvas, counter, shell
from dashboard.parts import upload as parts

with shell.intake() as (policy, view):
    desk = counter.desk()
    published, done = desk.published or (None, None)
    canvas.show(parts.sentence(desk.checked, published), key="tk_upload")
    if published and done and view:
        shown = parts.onward(view) + parts.files(published.files, True) + parts.details(policy, done)
        canvas.show(shown, key="tk_published")
    sent = counter.uploads(desk)
    checked = desk.about(sent)
    if desk.refusal:
        canvas.show(parts.refusal(desk.refusal), key="tk_refusal")
    if checked:
        canvas.show(parts.files(checked.found.report.files), key="tk_checked")
        counter.ask(desk, sent, checked)
        counter.publish(desk, sent, checked)
    if sent:
        counter.check(desk, sent)
    if checked:
        canvas.show(parts.details(policy, checked), key="tk_details")
