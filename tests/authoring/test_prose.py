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
    "We invoice customers for the work we do. A customer has a name, a VAT number and a "
    "billing address. An invoice belongs to a customer, has an issue date, a due date and"
    " a total, and consists of one or more lines. Each line has a description, a "
    "quantity, a unit price and a tax rate. Invoices start as draft, are sent to the "
    "customer and then become paid or overdue. Invoices are numbered INV-0001.": (
        [
            "`customer.name!: string {constraints: {maxLength: 200}}`",
            "`customer.vat_number: string`",
            "`customer.billing_address: string`",
            "`invoice_lifecycle`: `draft -> sent; sent -> paid, overdue`",
            "`invoice.issue_date: date`",
            "`invoice.due_date: date`",
            "`invoice.total: decimal`",
            "`invoice.customer_id! -> customer`",
            "`invoice`: `number_prefix: INV`",
            "`line.description: text`",
            "`line.quantity: integer`",
            "`line.unit_price: decimal`",
            "`line.tax_rate: number`",
            "`line.invoice_id! -> invoice`",
        ],
        [
            "We invoice customers for the work we do",
            "to the customer",
        ],
    ),
    "A clinic treats patients. Patients have a first name, a last name, a date of birth "
    "and an optional phone number. Doctors have a name and a specialty (one of general, "
    "cardiology, pediatrics). An appointment records which patient sees which doctor, "
    "when it starts, how long it takes and whether it was cancelled. After the "
    "appointment the doctor writes a prescription, which lists one or more medications. "
    "Patient records must be kept for ten years.": (
        [
            "domain `clinic`",
            "`patient.first_name!: string {constraints: {maxLength: 200}}`",
            "`patient.last_name!: string {constraints: {maxLength: 200}}`",
            "`patient.date_of_birth!: date`",
            "`patient.phone_number: string`",
            "`doctor.name!: string {constraints: {maxLength: 200}}`",
            "`doctor.specialty: string {enum: [general, cardiology, pediatrics]}`",
            "`appointment.starts_at: datetime`",
            "`appointment.cancelled: boolean`",
            "`appointment.patient_id! -> patient`",
            "`appointment.doctor_id! -> doctor`",
        ],
        [
            "how long it takes",
            "After the appointment the doctor writes a prescription, which lists one or more "
            "medications",
            "Patient records must be kept for ten years",
        ],
    ),
    "An agency rents out apartments to tenants. Each apartment is in a building; a "
    "building has an address and a number of floors. A lease is between a tenant and an "
    "apartment and has a start date, an end date, and a monthly rent in euros. Tenants "
    "pay rent every month; each payment is for a lease and has an amount, a date and a "
    "method of card, cash or bank transfer. Tenants can report maintenance issues, which "
    "have a description, a priority (low, medium or high) and a status.": (
        [
            "domain `agency`",
            "`apartment.building_id! -> building`",
            "`tenant`",
            "`building.address: string`",
            "`building.floors: integer`",
            "`lease.start_date: date`",
            "`lease.end_date: date`",
            "`lease.monthly_rent: decimal`",
            "`lease.tenant_id! -> tenant`",
            "`lease.apartment_id! -> apartment`",
            "`payment.amount: decimal`",
            "`payment.date: date`",
            "`payment.method: string {enum: [card, cash, bank transfer]}`",
            "`payment.lease_id! -> lease`",
            "`maintenance_issue.description: text`",
            "`maintenance_issue.priority: string {enum: [low, medium, high]}`",
            "`maintenance_issue.status: string`",
            "`maintenance_issue.tenant_id -> tenant`",
        ],
        [
            "Tenants pay rent every month",
        ],
    ),
    "People buy tickets for events. An event takes place at a venue and has a title, a "
    "start time, an end time and a maximum number of attendees. Each venue has a name, an"
    " address and a capacity. A ticket has a price, a seat number and belongs to exactly "
    "one event and one customer. Tickets go from reserved to paid, and paid tickets can "
    "be refunded until the day before the event.": (
        [
            "`person`",
            "`ticket_lifecycle`: `reserved -> paid; paid -> refunded`",
            "`ticket.price: decimal`",
            "`ticket.seat_number: string`",
            "`ticket.person_id! -> person`",
            "`ticket.event_id! -> event`",
            "`ticket.customer_id! -> customer`",
            "`event.title!: string {constraints: {maxLength: 200}}`",
            "`event.start_time: time`",
            "`event.end_time: time`",
            "`event.maximum_number_of_attendees: integer`",
            "`event.venue_id! -> venue`",
            "`venue.name!: string {constraints: {maxLength: 200}}`",
            "`venue.address: string`",
            "`venue.capacity: integer`",
            "`customer`",
        ],
        [
            "until the day before the event",
        ],
    ),
    "Employees have a name, an email (unique) and a manager, who is also an employee. An "
    "employee can request leave. A leave request has a start date, an end date, a type of"
    " vacation, sick or unpaid, and an optional comment. Leave requests start as pending "
    "and are either approved or rejected by the manager. Approved requests can be "
    "cancelled by the employee.": (
        [
            "`employee.name!: string {constraints: {maxLength: 200}}`",
            "`employee.email: email {unique: true}`",
            "`employee.manager_id -> employee`",
            "`leave_request_lifecycle`: `pending -> approved, rejected; approved -> cancelled`",
            "`leave_request.start_date!: date`",
            "`leave_request.end_date!: date`",
            "`leave_request.type!: string {enum: [vacation, sick, unpaid]}`",
            "`leave_request.comment: text`",
        ],
        [
            "An employee can request leave",
            "by the manager",
            "by the employee",
        ],
    ),
    "We manage a fleet of vehicles. Every vehicle has a license plate (unique), a make, a"
    " model, a year and its current mileage in km. Drivers are assigned to vehicles. Each"
    " vehicle undergoes maintenance regularly: a maintenance record stores the date, the "
    "cost, what was done and which workshop did it. A vehicle is available, in use, in "
    "repair or retired.": (
        [
            "domain `fleet`",
            "`vehicle.license_plate: string {unique: true}`",
            "`vehicle.make: string`",
            "`vehicle.model: string`",
            "`vehicle.year: integer`",
            "`vehicle.current_mileage: number`",
            "`vehicle.status: string {enum: [available, in use, in repair, retired]}`",
            "`vehicle.assigned_driver_id -> driver`",
            "`driver`",
        ],
        [
            "Each vehicle undergoes maintenance regularly: a maintenance record stores the date, "
            "the cost, wha...",
        ],
    ),
    "An e-learning platform where instructors create courses. A course is made up of "
    "modules, and each module contains lessons in a fixed order. A lesson has a title, a "
    "video URL, a duration in minutes and may be free. Students enroll in courses and we "
    "track their progress in percent, when they enrolled and whether they finished. "
    "Students can rate courses from 1 to 5 and leave a comment.": (
        [
            "domain `e_learning`",
            "`instructor`",
            "`course.instructor_id! -> instructor`",
            "`module.course_id! -> course`",
            "`lesson.title!: string {constraints: {maxLength: 200}}`",
            "`lesson.video_url: string {format: uri}`",
            "`lesson.duration: number`",
            "`student`",
            "`module_lesson.module_id! -> module`",
            "`module_lesson.lesson_id! -> lesson`",
            "`module_lesson`: `unique: [[module_id, lesson_id]]`",
            "`student_course.student_id! -> student`",
            "`student_course.course_id! -> course`",
            "`student_course`: `unique: [[student_id, course_id]]`",
        ],
        [
            "in a fixed order",
            "may be free",
            "we track their progress in percent, when they enrolled and whether they finished",
            "from 1 to 5 and leave a comment",
        ],
    ),
    "A simple CRM: companies have contacts, and contacts have a name, an email, a phone "
    "and a job title. Deals belong to a company and have a value in dollars, an expected "
    "close date and an owner, who is a user. A deal moves through lead, qualified, "
    "proposal, and finally won or lost. Users log activities (calls, emails or meetings) "
    "against deals. Each activity has a type, a date and notes.": (
        [
            "domain `crm`",
            "`company`",
            "`contact.name!: string {constraints: {maxLength: 200}}`",
            "`contact.email: email`",
            "`contact.phone: string`",
            "`contact.job_title: string {constraints: {maxLength: 200}}`",
            "`contact.company_id! -> company`",
            "`deal_lifecycle`: `lead -> qualified; qualified -> proposal; proposal -> won, lost`",
            "`deal.value: decimal`",
            "`deal.expected_close_date: date`",
            "`deal.company_id! -> company`",
            "`deal.owner_id -> user`",
            "`user`",
            "`activity.type: string`",
            "`activity.date: date`",
            "`activity.notes: text`",
            "`activity.user_id! -> user`",
        ],
        [
            "(calls, emails or meetings) against deals",
        ],
    ),
    "The warehouse stores products on shelves. A product has a SKU (unique, required), a "
    "name, a weight in kg, and whether it is fragile. A shelf is identified by its code "
    "and located in an aisle. Stock levels record how many units of which product are on "
    "which shelf. Suppliers deliver products; a purchase order is placed with one "
    "supplier and contains many products, each with a quantity and a unit cost. Purchase "
    "orders are draft, then ordered, then received.": (
        [
            "domain `warehouse`",
            "`product.sku!: string {unique: true}`",
            "`product.name!: string {constraints: {maxLength: 200}}`",
            "`product.weight: number`",
            "`product.fragile: boolean`",
            "`product.supplier_id -> supplier`",
            "`shelf`",
            "`supplier`",
            "`purchase_order_lifecycle`: `draft -> ordered; ordered -> received`",
            "`purchase_order.supplier_id! -> supplier`",
            "`purchase_order_product.purchase_order_id! -> purchase_order`",
            "`purchase_order_product.product_id! -> product`",
            "`purchase_order_product`: `unique: [[purchase_order_id, product_id]]`",
        ],
        [
            "A shelf is identified by its code and located in an aisle",
            "Stock levels record how many units of which product are on which shelf",
            "each with a quantity and a unit cost",
        ],
    ),
    "A charity schedules volunteers for shifts. A volunteer entity with first name, last "
    "name, email and a list of skills, and a shift entity with date, start time, end time"
    " and number of volunteers needed. Volunteers sign up for shifts. Each shift takes "
    "place at one location and is led by a coordinator, who is a volunteer. After a "
    "shift, the coordinator marks who attended. Sign-ups are pending until confirmed by "
    "the coordinator.": (
        [
            "domain `charity`",
            "`volunteer.first_name: string {constraints: {maxLength: 200}}`",
            "`volunteer.last_name: string {constraints: {maxLength: 200}}`",
            "`volunteer.email: email`",
            "`volunteer.skills: array {items_type: string}`",
            "`shift.date: date`",
            "`shift.start_time: time`",
            "`shift.end_time: time`",
            "`shift.number_of_volunteers_needed: integer`",
            "`shift.location_id! -> location`",
            "`shift.coordinator_id! -> volunteer`",
            "`location`",
            "`volunteer_shift.volunteer_id! -> volunteer`",
            "`volunteer_shift.shift_id! -> shift`",
            "`volunteer_shift`: `unique: [[volunteer_id, shift_id]]`",
        ],
        [
            "After a shift, the coordinator marks who attended",
            "Sign-ups are pending until confirmed by the coordinator",
        ],
    ),
    "A hotel has rooms. Rooms have a number (unique), a floor, a type which is single, "
    "double or suite, and a nightly rate. Guests make reservations. A reservation is for "
    "one room and one guest, and has a check-in date, a check-out date, the number of "
    "guests and optional special requests. Reservations begin as pending, then are "
    "confirmed, checked in, and finally checked out; a pending or confirmed reservation "
    "can be cancelled.": (
        [
            "domain `hotel`",
            "`room.number: string {unique: true}`",
            "`room.floor: integer`",
            "`room.type: string {enum: [single, double, suite]}`",
            "`room.nightly_rate: number`",
            "`guest`",
            "`reservation_lifecycle`: `pending -> confirmed, cancelled; confirmed -> checked_in, "
            "cancelled; checked_in -> checked_out`",
            "`reservation.check_in_date!: date`",
            "`reservation.check_out_date!: date`",
            "`reservation.number_of_guests!: integer`",
            "`reservation.special_requests: array {items_type: string}`",
            "`reservation.guest_id! -> guest`",
            "`reservation.room_id! -> room`",
        ],
        [],
    ),
    "We need an issue tracker. Projects have a name and a key. Every issue belongs to a "
    "project, is reported by a user and may be assigned to another user. Issues have a "
    "title, a description, a priority from 1 to 5, zero or more labels and a due date. "
    "Issues can block other issues. Users comment on issues. An issue's status goes from "
    "open to in progress to resolved, and resolved issues may be reopened.": (
        [
            "domain `issue`",
            "`project.name!: string {constraints: {maxLength: 200}}`",
            "`project.key: string`",
            "`issue_lifecycle`: `open -> in_progress; in_progress -> resolved; resolved -> "
            "reopened`",
            "`issue.title!: string {constraints: {maxLength: 200}}`",
            "`issue.description: text`",
            "`issue.priority: integer {constraints: {min: 1, max: 5}}`",
            "`issue.labels: array {items_type: string}`",
            "`issue.due_date: date`",
            "`issue.project_id! -> project`",
            "`issue.user_id! -> user`",
            "`issue.assigned_user_id -> user`",
            "`issue.blocked_by_issue_id -> issue`",
            "`user`",
        ],
        [
            "Users comment on issues",
        ],
    ),
    "Think of a car rental company that keeps track of cars, customers and rentals. Cars "
    "have a registration number, make, model and daily rate. A rental has a rental ID, a "
    "pickup date, a return date and a total cost. A customer can have multiple rentals, "
    "but each rental is made by exactly one customer and for exactly one car.": (
        [
            "domain `car_rental`",
            "`car.registration_number: string`",
            "`car.make: string`",
            "`car.model: string`",
            "`car.daily_rate: number`",
            "`customer`",
            "`rental.pickup_date: date`",
            "`rental.return_date: date`",
            "`rental.total_cost: decimal`",
            "`rental.customer_id! -> customer`",
            "`rental.car_id! -> car`",
        ],
        [],
    ),
    "Consider a hospital that needs to manage doctors, patients, and appointments. Each "
    "doctor has a doctor ID, name, and specialty. Patients have a patient ID, name, and "
    "date of birth. Appointments have an appointment ID, appointment date, and reason. A "
    "doctor can have multiple appointments, and each patient can book multiple "
    "appointments. Each appointment is associated with a single doctor treating a single "
    "patient.": (
        [
            "domain `hospital`",
            "`doctor.name!: string {constraints: {maxLength: 200}}`",
            "`doctor.specialty: string`",
            "`patient.name!: string {constraints: {maxLength: 200}}`",
            "`patient.date_of_birth: date`",
            "`appointment.appointment_date: date`",
            "`appointment.reason: text`",
            "`appointment.doctor_id! -> doctor`",
            "`appointment.patient_id! -> patient`",
        ],
        [],
    ),
    "Imagine an online store that needs to manage products, customers, and orders. Each "
    "product has a product ID, name, price, and stock quantity. Customers have a customer"
    " ID, name, email, and shipping address. Orders have an order ID, order date, and "
    "total amount. A customer can place multiple orders, but each order is placed by one "
    "customer. An order can contain multiple products, and each product can be part of "
    "multiple orders.": (
        [
            "domain `store`",
            "`product.name!: string {constraints: {maxLength: 200}}`",
            "`product.price: decimal`",
            "`product.stock_quantity: integer`",
            "`customer.name!: string {constraints: {maxLength: 200}}`",
            "`customer.email: email`",
            "`customer.shipping_address: string`",
            "`order.order_date: date`",
            "`order.total_amount: decimal`",
            "`order.customer_id! -> customer`",
            "`order_product.order_id! -> order`",
            "`order_product.product_id! -> product`",
            "`order_product`: `unique: [[order_id, product_id]]`",
        ],
        [],
    ),
    "Picture a music streaming service that needs to manage artists, albums, and songs. "
    "Each artist has an artist ID, name, and country. Albums have an album ID, title, and"
    " release year. Songs have a song ID, title, and duration. An artist can release "
    "multiple albums, and each album belongs to exactly one artist. An album contains "
    "multiple songs, and each song belongs to a single album.": (
        [
            "domain `music_streaming`",
            "`artist.name!: string {constraints: {maxLength: 200}}`",
            "`artist.country: string`",
            "`album.title!: string {constraints: {maxLength: 200}}`",
            "`album.release_year: integer`",
            "`album.artist_id! -> artist`",
            "`song.title!: string {constraints: {maxLength: 200}}`",
            "`song.duration: duration`",
            "`song.album_id! -> album`",
        ],
        [],
    ),
    "Imagine a company that needs to manage departments, employees, and projects. Each "
    "department has a department ID, name, and location. Employees have an employee ID, "
    "name, hire date, and salary. Projects have a project ID, name, start date, and end "
    "date. Each employee works in a single department, and a department can have multiple"
    " employees. An employee can work on multiple projects, and each project can have "
    "multiple employees assigned to it.": (
        [
            "`department.name!: string {constraints: {maxLength: 200}}`",
            "`department.location: string`",
            "`employee.name!: string {constraints: {maxLength: 200}}`",
            "`employee.hire_date: date`",
            "`employee.salary: decimal`",
            "`employee.department_id! -> department`",
            "`project.name!: string {constraints: {maxLength: 200}}`",
            "`project.start_date: date`",
            "`project.end_date: date`",
            "`employee_project.employee_id! -> employee`",
            "`employee_project.project_id! -> project`",
            "`employee_project`: `unique: [[employee_id, project_id]]`",
        ],
        [],
    ),
    "The zoo keeps animals in enclosures. An animal has a name, a species, a date of "
    "birth and belongs to one enclosure. Keepers feed animals, and each feeding records "
    "which keeper fed which animal, when it happened and how much food was given. "
    "Enclosures have a name and a maximum capacity. Some animals are dangerous.": (
        [
            "domain `zoo`",
            "`animal.name!: string {constraints: {maxLength: 200}}`",
            "`animal.species: string`",
            "`animal.date_of_birth: date`",
            "`animal.enclosure_id! -> enclosure`",
            "`animal.keeper_id -> keeper`",
            "`enclosure.name!: string {constraints: {maxLength: 200}}`",
            "`enclosure.maximum_capacity: integer`",
            "`keeper`",
            "`feeding.happened_at: datetime`",
            "`feeding.keeper_id! -> keeper`",
            "`feeding.animal_id! -> animal`",
        ],
        [
            "how much food was given",
            "Some animals are dangerous",
        ],
    ),
    "Imagine a hotel that needs to manage guests, rooms, and reservations. Each guest has"
    " a guest ID, name, and phone number. Rooms have a room number, type, and price. "
    "Reservations have a reservation ID, check-in date, and check-out date. A guest can "
    "make multiple reservations, and each room can be reserved multiple times. Each "
    "reservation is associated with a single guest booking a single room.": (
        [
            "domain `hotel`",
            "`guest.name!: string {constraints: {maxLength: 200}}`",
            "`guest.phone_number: string`",
            "`room.room_number: string`",
            "`room.type: string`",
            "`room.price: decimal`",
            "`reservation.check_in_date: date`",
            "`reservation.check_out_date: date`",
            "`reservation.guest_id! -> guest`",
            "`reservation.room_id! -> room`",
        ],
        [
            "and each room can be reserved multiple times",
        ],
    ),
    "Consider a university that needs to manage professors, courses, and departments. "
    "Each professor has a professor ID, name, and title. Courses have a course ID, name, "
    "and credit hours. Departments have a department ID and name. A professor can teach "
    "multiple courses, but each course is taught by only one professor. Each course is "
    "offered by a single department.": (
        [
            "domain `university`",
            "`professor.name!: string {constraints: {maxLength: 200}}`",
            "`professor.title!: string {constraints: {maxLength: 200}}`",
            "`course.name!: string {constraints: {maxLength: 200}}`",
            "`course.credit_hours: number`",
            "`course.professor_id! -> professor`",
            "`course.department_id! -> department`",
            "`department.name!: string {constraints: {maxLength: 200}}`",
        ],
        [],
    ),
    "Suppose a movie theater wants to keep track of movies, screenings, and tickets. "
    "Movies have a title, a genre, and a running time in minutes. A screening shows one "
    "movie in one hall at a given time. Customers buy tickets for screenings.": (
        [
            "domain `movie_theater`",
            "`movie.title!: string {constraints: {maxLength: 200}}`",
            "`movie.genre: string`",
            "`movie.running_time: number`",
            "`screening.movie_id! -> movie`",
            "`ticket.customer_id! -> customer`",
            "`ticket.screening_id! -> screening`",
            "`customer`",
        ],
        [
            "in one hall at a given time",
        ],
    ),
}
"""The text, what it comes to, and what of it is listed as not understood."""


@pytest.mark.parametrize("text", PARAGRAPHS, ids=lambda text: text[:40])
def test_paragraphs(text: str) -> None:
    lines, missed = PARAGRAPHS[text]
    assert [m.text for m in read_phrases(text).missed] == missed
    assert list(shown(text)) == lines
