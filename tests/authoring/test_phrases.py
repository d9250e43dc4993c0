"""Descriptions in English come to the contracts that the documentation says."""

from __future__ import annotations

from pathlib import Path

import pytest

from factory.phrases.describing import describe
from factory.phrases.grammar import FORMS, shown
from factory.phrases.reading import read_phrases
from forge.ir.compiler import analyze
from forge.parser.loader import load_all_contracts

EXAMPLES = [
    pytest.param(form.context, example, id=example[:40])
    for form in FORMS
    for example in form.examples
]


@pytest.mark.parametrize(("context", "example"), EXAMPLES)
def test_examples_are_understood_whole(
    context: str, example: str, tmp_path: Path
) -> None:
    found = describe(f"{context}\n{example}", tmp_path / "shop", "shop")
    assert not found.reading.missed
    assert not found.proposal.blocking
    assert not [note for note in found.notes if "left out" in note]
    assert shown(example, context)


STARTING = """I want a helpdesk with agents, customers, and tickets.
Agents are assigned to tickets. Customers submit tickets.
Tickets have a lifecycle: new -> assigned -> in_progress -> resolved -> closed."""

SENTENCES = {
    STARTING: [
        "domain `helpdesk`",
        "`ticket.assigned_agent_id -> agent`",
        "`ticket.customer_id! -> customer`",
        "`ticket_lifecycle`: `new -> assigned; assigned -> in_progress; "
        "in_progress -> resolved; resolved -> closed`",
    ],
    "We need a clinic for patients, doctors and appointments. Patients book appointments. "
    "Each appointment is with a doctor and has a date and time, a duration and an optional "
    "reason. Appointments go from requested to confirmed to completed, or cancelled.": [
        "domain `clinic`",
        "`appointment.patient_id! -> patient`",
        "`appointment.duration!: duration`",
        "`appointment.reason: text`",
    ],
    "A recipe box: recipes and ingredients. A recipe has a title, instructions and a "
    "preparation time in minutes. Recipes contain many ingredients.": [
        "`recipe.title!: string {constraints: {maxLength: 200}}`",
        "`recipe.instructions: text`",
        "`recipe_ingredient.recipe_id! -> recipe`",
    ],
    "Create a CRM with companies, contacts and deals. Contacts work at companies. "
    "A deal has an amount, a currency one of EUR, USD or GBP and belongs to a company. "
    "Deals move through lead, qualified, proposal, and won or lost.": [
        "domain `crm`",
        "`contact.company_id! -> company`",
        "`deal.amount: decimal`",
        "`deal.currency: string {enum: [EUR, USD, GBP]}`",
        "`deal.company_id! -> company`",
        "`deal_lifecycle`: `lead -> qualified; qualified -> proposal; proposal -> won, lost`",
    ],
    "Things: people, children and knives. Children belong to people.": [
        "`child.person_id! -> person`",
        "`knife`",
    ],
    "Employees have a class and an id. Users have an order.": [
        "`employee.employee_class: string`",
    ],
    "Tasks depend on other tasks. Comments are about tasks. Users write comments.": [
        "`task_link.other_task_id! -> task`",
        "`comment.task_id! -> task`",
        "`comment.user_id! -> user`",
    ],
    "Loans belong to members and books. Members borrow books.": [
        "`loan.member_id! -> member`",
        "`loan.book_id! -> book`",
    ],
    "A customer has many orders. Orders belong to customers. Customers place orders.": [
        "`order.customer_id! -> customer`",
    ],
    "Create a project management tool with teams, projects and tasks. Tasks belong to projects, "
    "have a title, a priority (low, medium or high) and are assigned to users. Tasks move from "
    "todo to in progress to done.": [
        "domain `project_management`",
        "`task.priority: string {enum: [low, medium, high]}`",
        "`task.assigned_user_id -> user`",
        "`task_lifecycle`: `todo -> in_progress; in_progress -> done`",
    ],
    "Hotel booking: guests, rooms, bookings. A booking is for one room and has a check-in date and "
    "a number of guests. Rooms have a type which is one of single, double or suite.": [
        "domain `hotel_booking`",
        "`booking.room_id! -> room`",
        "`booking.number_of_guests: integer`",
        "`room.type: string {enum: [single, double, suite]}`",
    ],
    "A ticketing system where customers submit tickets and agents resolve them.": [
        "domain `ticketing`",
        "`ticket.customer_id! -> customer`",
        "`ticket.agent_id -> agent`",
    ],
    "Recruiting: candidates apply to jobs. Applications start in submitted; from submitted they "
    "can move to screening or rejected; from screening to offered or rejected.": [
        "domain `recruiting`",
        "`candidate_job.job_id! -> job`",
        "`application_lifecycle`: `submitted -> screening, rejected; "
        "screening -> offered, rejected`",
    ],
    "An order has one or more order lines. Each order line refers to a product and has a quantity "
    "(at least 1). The status of an order can be pending, paid, or shipped.": [
        "`order_line.order_id! -> order`",
        "`order_line.product_id! -> product`",
        "`order_line.quantity: integer {constraints: {min: 1}}`",
        "`order.status: string {enum: [pending, paid, shipped]}`",
    ],
    "Students, who have a name and an email, take courses that have a code and a title.": [
        "`student.email: email`",
        "`course.code: string`",
        "`student_course.course_id! -> course`",
    ],
    "Entities:\n1. Book - title, isbn\n2. Author - name\nRelations:\nBooks have authors.": [
        "`book.isbn: string`",
        "`author.name!: string {constraints: {maxLength: 200}}`",
        "`author.book_id! -> book`",
    ],
    "The system should manage vehicles and trips. Tickets are opened by customers, assigned to "
    "agents. Employees have an optional manager (employee).": [
        "`vehicle`",
        "`ticket.customer_id! -> customer`",
        "`ticket.assigned_agent_id -> agent`",
        "`employee.manager_id -> employee`",
    ],
    "Suppliers supply products. Tickets: status (new -> closed), title, assignee": [
        "`product.supplier_id -> supplier`",
        "`ticket_lifecycle`: `new -> closed`",
        "`ticket.assignee: string`",
    ],
    "Invoices are numbered INV-0001. Their status is draft, then sent, then paid.": [
        "`invoice`: `number_prefix: INV`",
    ],
}


@pytest.mark.parametrize("text", SENTENCES, ids=lambda text: text[:40])
def test_sentences(text: str) -> None:
    lines = shown(text)
    assert not read_phrases(text).missed
    assert [line for line in SENTENCES[text] if line not in lines] == [], lines


def test_one_relation_is_one_reference() -> None:
    lines = shown(
        "A customer has many orders. Orders belong to customers. Customers place orders."
    )
    assert len([line for line in lines if "->" in line]) == 1, lines


def test_what_is_carried_by_a_thing_is_not_joined() -> None:
    lines = shown("Loans belong to members and books. Members borrow books.")
    assert not [line for line in lines if "member_book" in line]


MISSED = {
    "Customers submit tickets. They love pizza.": [
        "1:27: not understood: They love pizza"
    ],
    "Customers submit tickets through a web form.": [
        "1:26: not understood: through a web form"
    ],
    "Frobnicate the widgets quickly": [
        "1:1: not understood: Frobnicate the widgets quickly"
    ],
    "tickets, customers\n\nAnd then there was\nmagic": [
        "3:10: not understood: there was magic"
    ],
}


@pytest.mark.parametrize("text", MISSED, ids=lambda text: text[:40])
def test_what_is_not_understood_has_its_place(text: str) -> None:
    assert [str(m) for m in read_phrases(text).missed] == MISSED[text]


def test_names_that_cannot_be_are_told(tmp_path: Path) -> None:
    text = (
        "Employees have a class, an id and a name. Tickets have a status and go a -> b."
    )
    notes = describe(text, tmp_path / "x", "x").notes
    assert [n for n in notes if "`class`" in n and "`employee_class`" in n]
    assert [n for n in notes if "`id`" in n]
    assert [n for n in notes if "status" in n]


def test_a_domain_that_exists_is_extended(tmp_path: Path) -> None:
    folder = tmp_path / "helpdesk"
    describe(STARTING, folder, "helpdesk").proposal.apply()
    assert not describe(STARTING, folder, "helpdesk").proposal.fixes
    path = folder / "entities" / "ticket.contract.yaml"
    text = path.read_text("utf-8").replace(
        "    customer_id:\n", "    # who asks\n    customer_id:  # ours\n"
    )
    path.write_text(text, "utf-8")
    more = "Tickets have a due date. Tickets can be cancelled at any time. Agents close tickets."
    found = describe(more, folder, "helpdesk")
    assert not found.proposal.blocking
    assert not found.reading.missed
    found.proposal.apply()
    after = path.read_text("utf-8")
    kept = iter(after.splitlines())
    assert all(line in kept for line in text.splitlines())
    app = analyze(load_all_contracts(folder)).application
    ticket = next(e for e in app.entities if e.name == "ticket")
    assert ticket.field("due_date") is not None
    assert ticket.field("closed_by_agent_id") or ticket.field("agent_id")
    assert ticket.state_machine is not None
    assert ticket.state_machine.targets("resolved") == ("closed", "cancelled")
