"""Paragraphs come to exactly what they say: nothing is left out, and nothing is invented."""

from __future__ import annotations

import pytest

from factory.phrases.grammar import shown
from factory.phrases.reading import read_phrases

PARAGRAPHS: dict[str, tuple[list[str], list[str]]] = {
    "There is a customer entity with name and email and an order entity with total and "
    "due date.": (
        [
            "`customer.name!: string {constraints: {maxLength: 200}}`",
            "`customer.email: email`",
            "`order.total: decimal`",
            "`order.due_date: date`",
        ],
        [],
    ),
    "Payments have an amount and a method of card, cash or transfer. A product has a "
    "name, a price, in stock (boolean, default true) and a weight.": (
        [
            "`payment.amount: decimal`",
            "`payment.method: string {enum: [card, cash, transfer]}`",
            "`product.name!: string {constraints: {maxLength: 200}}`",
            "`product.price: decimal`",
            "`product.in_stock: boolean {default: true}`",
            "`product.weight: number`",
        ],
        [],
    ),
    "A library lends books to members.": (
        [
            "domain `library`",
            "`book`",
            "`member`",
        ],
        [],
    ),
    "A library lends books to members. Each book has an ISBN (unique), a title, one or "
    "more authors and a number of copies.": (
        [
            "domain `library`",
            "`book.isbn: string {unique: true}`",
            "`book.title!: string {constraints: {maxLength: 200}}`",
            "`book.authors: array {items_type: string}`",
            "`book.copies: integer`",
            "`member`",
        ],
        [],
    ),
    "Loans start as requested, then become active once approved, and end as either "
    "returned or lost.": (
        [
            "`loan_lifecycle`: `requested -> active; active -> returned, lost`",
            "`loan`",
        ],
        [
            "once approved",
        ],
    ),
    "There are members and books. A loan records which member borrowed which book, when "
    "it is due, and whether it was returned.": (
        [
            "`member`",
            "`book`",
            "`loan.due_date: date`",
            "`loan.returned: boolean`",
            "`loan.member_id! -> member`",
            "`loan.book_id! -> book`",
        ],
        [],
    ),
    "There are loans. A fine has an amount in euros and belongs to a loan.": (
        [
            "`loan`",
            "`fine.amount: decimal`",
            "`fine.loan_id! -> loan`",
        ],
        [],
    ),
    "Picture a library that needs to manage books, members, and loans. Each book has a "
    "book ID, title, and author. Members have a member ID, name, and membership date. "
    "Loans have a loan ID, loan date, and return date. A member can borrow multiple "
    "books, and each book can be borrowed by multiple members over time. Each loan is "
    "associated with a single member borrowing a single book.": (
        [
            "domain `library`",
            "`book.title!: string {constraints: {maxLength: 200}}`",
            "`book.author: string`",
            "`member.name!: string {constraints: {maxLength: 200}}`",
            "`member.membership_date: date`",
            "`loan.loan_date: date`",
            "`loan.return_date: date`",
            "`loan.member_id! -> member`",
            "`loan.book_id! -> book`",
        ],
        [],
    ),
    "Imagine a school that needs to manage courses, students, and enrollments. Each "
    "course has a course ID, title, and credits. Students have a student ID, name, and "
    "enrollment date. Enrollments have an enrollment ID, enrollment date, and grade. A "
    "student can enroll in multiple courses, and each course can have multiple students. "
    "Each enrollment is associated with a single student enrolling in a single course.": (
        [
            "domain `school`",
            "`course.title!: string {constraints: {maxLength: 200}}`",
            "`course.credits: integer`",
            "`student.name!: string {constraints: {maxLength: 200}}`",
            "`student.enrollment_date: date`",
            "`enrollment.enrollment_date: date`",
            "`enrollment.grade: string`",
            "`enrollment.student_id! -> student`",
            "`enrollment.course_id! -> course`",
        ],
        [],
    ),
    "A blog has users, posts and comments. A post has a title, a body and an author, who "
    "is a user. Comments belong to posts; comments may be replies to other comments.": (
        [
            "domain `blog`",
            "`user`",
            "`post.title!: string {constraints: {maxLength: 200}}`",
            "`post.body: text`",
            "`post.author_id -> user`",
            "`comment.post_id! -> post`",
            "`comment.reply_to_comment_id -> comment`",
        ],
        [],
    ),
    "There are customers, orders and invoices: customers -> orders -> invoices.": (
        [
            "`customer`",
            "`order`",
            "`invoice`",
        ],
        [
            ": customers -> orders -> invoices",
        ],
    ),
    "Customers love pizza. The rain falls on plains.": (
        [],
        [
            "Customers love pizza",
            "The rain falls on plains",
        ],
    ),
    "A ticket has a title. Somebody frobnicates tickets on Mondays.": (
        [
            "`ticket.title!: string {constraints: {maxLength: 200}}`",
        ],
        [
            "Somebody frobnicates tickets on Mondays",
        ],
    ),
    "Members have a name. They pay rent every month, and it is wonderful.": (
        [
            "`member.name!: string {constraints: {maxLength: 200}}`",
        ],
        [
            "They pay rent every month, and it is wonderful",
        ],
    ),
}
"""The text, what it comes to, and what of it is listed as not understood."""


@pytest.mark.parametrize("text", PARAGRAPHS, ids=lambda text: text[:40])
def test_paragraphs(text: str) -> None:
    lines, missed = PARAGRAPHS[text]
    assert [m.text for m in read_phrases(text).missed] == missed
    assert list(shown(text)) == lines
